namespace BiMaskGen.Training.Methods;

/// <summary>From the options of a layer to its method.</summary>
internal static class TrainingMethods
{
    /// <summary>The method.</summary>
    /// <exception cref="NMSparseException">There is no such method, or it does not know the pattern.</exception>
    public static TrainingMethod Of(SparseLayerOptions options) => options.Method switch
    {
        SparseMethod.BiMask => new BiMaskMethod(options),
        SparseMethod.Ste => new SteMethod(options),
        SparseMethod.SrSte => new SrSteMethod(options),
        SparseMethod.Transposable => new TransposableMethod(options),
        SparseMethod.Bdwp => new BdwpMethod(options),
        SparseMethod.DoublePruned => new DoublePrunedMethod(options),
        SparseMethod.MaskDecay => new MaskDecayMethod(options),
        SparseMethod.StructureDecay => new StructureDecayMethod(options),
        SparseMethod.Continuous => new ContinuousMethod(options),
        _ => throw new NMSparseException($"{options.Name}: {options.Method} is no training method; take one of {string.Join(", ", Enum.GetNames<SparseMethod>())}."),
    };
}
