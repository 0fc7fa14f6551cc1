using BiMaskGen.Checkpoints;
using BiMaskGen.Tool.Keys;

namespace BiMaskGen.Tool.Sparsifying;

/// <summary>What can be wrong with a tensor that is to become sparse.</summary>
internal enum TargetProblemKind
{
    /// <summary>Its shape is not the layer's.</summary>
    Shape,

    /// <summary>Its type cannot be pruned.</summary>
    Type,
}

/// <summary>Something wrong with a tensor that is to become sparse.</summary>
internal sealed record TargetProblem(TargetProblemKind Kind, string Key, string Message);

/// <summary>Checks all targets before anything is written, so that one run tells of all that is wrong.</summary>
internal static class TargetCheck
{
    public static IEnumerable<TargetProblem> Run(TensorFile source, IEnumerable<SparseKey> targets)
    {
        foreach (SparseKey target in targets)
        {
            TensorInfo tensor = source[target.Key];
            int outFeatures = target.Sparsity.OutFeatures, inFeatures = target.Sparsity.InFeatures;
            if (tensor.Shape.Length != 2
                || (outFeatures != 0 && tensor.Shape[0] != outFeatures) || (inFeatures != 0 && tensor.Shape[1] != inFeatures)
                || tensor.Shape.Any(d => d is < 1 or > int.MaxValue))
            {
                string expected = $"[{Known(outFeatures, "out_features")}, {Known(inFeatures, "in_features")}]";
                yield return new(TargetProblemKind.Shape, target.Key, $"the checkpoint has {tensor.Kind}, {target.Member ?? "a linear layer"} has {expected}.");
            }

            if (!TensorConversion.IsSupported(tensor.DType))
            {
                yield return new(TargetProblemKind.Type, target.Key, $"{tensor.Kind} cannot be pruned: weights are floats (F64, F32, F16, BF16, F8). Mark the layer [KeepDense], or convert the checkpoint.");
            }
        }
    }

    private static string Known(int features, string name) => features == 0 ? name : features.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
