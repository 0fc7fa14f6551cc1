using BiMaskGen.Benchmarks.Machine;
using BiMaskGen.Kernels;
using BiMaskGen.Kernels.Cpu;

namespace BiMaskGen.Benchmarks.Steps;

/// <summary>Makes a layer on a weight [out_features, in_features] and a bias [1, out_features].</summary>
internal delegate StepLayer StepLayerFactory(Matrix weight, Matrix bias);

/// <summary>The products of a linear layer in a training step; what is not a product is the same for all.</summary>
internal abstract unsafe class StepLayer
{
    /// <summary>Opens a step; the weights may have moved.</summary>
    internal abstract void Begin(int rows, Activation activation);

    /// <summary>y = activation(z), z = x Wᵀ + b; z is kept where there is a place for it.</summary>
    internal abstract void Forward(Matrix x, Activation activation, Matrix y, Matrix? z);

    /// <summary>dX = g W.</summary>
    internal abstract void BackwardInput(Matrix g, Matrix dx);

    /// <summary>dW = gᵀ x.</summary>
    internal abstract void BackwardWeight(Matrix g, Matrix x, Matrix dw);

    /// <summary>Closes the step.</summary>
    internal abstract void End();

    /// <summary>db = Σ g.</summary>
    internal static void BackwardBias(Matrix g, Matrix db) => ColumnSums.Compute(g.Pointer, g.Rows, g.Columns, g.Columns, db.Pointer);

    /// <summary>g ← g ⊙ activation'(z).</summary>
    internal static void BackwardActivation(Activation activation, Matrix g, Matrix z) =>
        ActivationGradient.Multiply(activation, g.Pointer, z.Pointer, g.Pointer, g.Count);
}
