using BiMaskGen.Kernels;
using BiMaskGen.Patterns;
using BiMaskGen.Runtime.Tests.Support;
using BiMaskGen.Training;
using BiMaskGen.Training.Methods;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Training;

/// <summary>Evaluation packs once per change of the weights, and not more.</summary>
[Collection(KernelModeCollection.Name)]
public sealed class EvaluationPackingTests : IDisposable
{
    private const int Out = 40, In = 64;
    private readonly KernelMode _before = KernelPolicy.Mode;

    public void Dispose() => KernelPolicy.Mode = _before;

    [Theory]
    [InlineData(KernelMode.Sparse)]
    [InlineData(KernelMode.Dense)]
    [InlineData(KernelMode.Auto)]
    public void OneSetOfMasksAndOperands_PerStateOfTheWeights(KernelMode mode)
    {
        KernelPolicy.Mode = mode;
        var layer = new SparseLinear<Pattern2x4>(new SparseLayerOptions { Name = "Test.fc", Pattern = new(2, 4) }, Out, In);
        float[] weight = Pinned.Random(Out * In, 1);
        LinearWeights first = Use(layer, weight, 1);
        int generation = first.Generation;
        foreach (int rows in (int[])[1, 7, 24, 25, 100, 1])
        {
            Assert.Same(first, Use(layer, weight, rows));
            Assert.Equal(generation, first.Generation);
        }

        weight[5]++;
        Assert.Same(first, Use(layer, weight, 3));
        Assert.Equal(generation + 1, first.Generation);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(200)]
    public void AnOperandThatIsThere_IsNotMadeAgain(int rows)
    {
        // Handed another weight, the operand would show it: that it does not is the point.
        float[] weight = Pinned.Random(Out * In, 1), other = Pinned.Random(Out * In, 2);
        var options = new SparseLayerOptions { Name = "Test.fc", Pattern = new(2, 4) };
        var weights = new LinearWeights<Pattern2x4>(TrainingMethods.Of(options), Out, In);
        weights.Refill(Pinned.View(weight, Out, In), 1, MaskForm.Of(new(2, 4)), kept: null, rowOrder: null);
        weights.EnsureForward(Pinned.View(weight, Out, In), KernelKind.SparseCpu, rows);
        float[] before = Product(weights, rows);
        weights.EnsureForward(Pinned.View(other, Out, In), KernelKind.SparseCpu, rows);
        Assert.Equal(before, Product(weights, rows));

        weights.Refill(Pinned.View(other, Out, In), 2, MaskForm.Of(new(2, 4)), kept: null, rowOrder: null);
        weights.EnsureForward(Pinned.View(other, Out, In), KernelKind.SparseCpu, rows);
        Assert.NotEqual(before, Product(weights, rows));
    }

    private static LinearWeights Use(SparseLinear layer, float[] weight, int rows)
    {
        LinearCall call = layer.Begin(Pinned.View(weight, Out, In), rows, training: false, wantsInputGradient: false, Activation.None);
        layer.End(call);
        return call.Weights;
    }

    private static float[] Product(LinearWeights weights, int rows)
    {
        float[] x = Pinned.Random(rows * In, 3), y = Pinned.Random(rows * Out, 4);
        weights.MultiplyForward(Pinned.View(x, rows, In), Pinned.View(y, rows, Out), default, rows);
        return y;
    }
}
