using BiMaskGen.Kernels.Cpu;

namespace BiMaskGen.Training.Methods;

/// <summary>S-STE: β·S(W) with the soft threshold S of 2:4, straight through; β = ⟨W,S⟩/⟨S,S⟩, fixed at the first use.</summary>
internal sealed class ContinuousMethod : TrainingMethod, IWeightTransform
{
    public ContinuousMethod(SparseLayerOptions options) : base(options)
    {
        if (Pattern != new NMPattern(2, 4))
        {
            throw new NMSparseException($"{options.Name}: the method {SparseMethod.Continuous} is defined for 2:4 alone, the pattern is {Pattern}.");
        }
    }

    public string NoScale => "⟨S,S⟩ of the soft threshold S is 0: of every four weights the three largest are equal in size, so β = ⟨W,S⟩/⟨S,S⟩ does not exist. Initialise the weight with distinct values.";

    public double ScaleOf(MatrixView weight) => SoftThreshold.Scale(weight);

    public void Write(MatrixView weight, double scale, float[] values) => SoftThreshold.Write(weight, (float)scale, values);
}
