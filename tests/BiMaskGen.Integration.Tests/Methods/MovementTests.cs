using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Models;
using BiMaskGen.Integration.Tests.Reference;

namespace BiMaskGen.Integration.Tests.Methods;

/// <summary>How far masks moved since their last refresh, how far backward is from forward, and the searches that follow from the first.</summary>
public sealed class MovementTests
{
    [Theory]
    [InlineData("BiMask")]
    [InlineData("Ste")]
    public void Flips_AreCountedFromTheLastRefresh(string method)
    {
        var run = new MethodRun(method);
        bool[]? start = null;
        Assert.Null(run.Side.GetReport().Flips);
        foreach (int step in new[] { 0, 1, 7, 99, 100, 101 })
        {
            run.Side.Step = step == 0 ? 0 : step - 1;
            float[] weight = Values.Of(run.Model.Layer.weight);
            run.Step(step);
            bool[] mask = ReferenceMasks.Forward(weight, OneLayer.Out, OneLayer.In, 2, 4);
            start = step is 0 or 100 ? mask : start!;
            Assert.Equal(mask.Zip(start).Count(p => p.First != p.Second) / (double)mask.Length, run.Side.GetReport().Flips!.Value, 12);
            new Samples(step).Array(weight.Length).CopyTo(Values.Raw(run.Model.Layer.weight));
        }
    }

    [Fact]
    public void FlipsOfAKeptMask_AreThoseOfItsRefresh()
    {
        var run = new MethodRun("Transposable");
        bool[] before = [], after = [];
        for (int step = 0; step < 15; step++)
        {
            run.Step(step);
            after = Array.ConvertAll(run.Model.Operand(), w => w != 0);
            before = step == 9 ? after : before;
            if (step < 10)
            {
                Assert.Null(run.Side.GetReport().Flips);
            }

            new Samples(step).Array(after.Length).CopyTo(Values.Raw(run.Model.Layer.weight));
        }

        double flips = before.Zip(after).Count(p => p.First != p.Second) / (double)before.Length;
        Assert.True(flips > 0.1);
        Assert.Equal(flips, run.Side.GetReport().Flips!.Value, 12);
        Assert.Contains(FormattableString.Invariant($"{100 * flips:F2} %"), Sides.Model(run.Model).GetSparsityReport().ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("BiMask")]
    [InlineData("Bdwp")]
    [InlineData("DoublePruned")]
    [InlineData("Transposable")]
    [InlineData("Ste")]
    public void TheGap_IsBetweenWhatForwardAndBackwardMultiplyWith(string method)
    {
        using var kernels = new KernelModeScope(KernelMode.Sparse);
        OneLayer model = OneLayer.Create(method);
        Tensor x = zeros(OneLayer.Out, OneLayer.In).requires_grad_();
        (model.call(x) * eye(OneLayer.Out)).sum().backward();
        float[] backward = Values.Of(x.grad!), forward = model.Operand();
        double gap = Math.Sqrt(forward.Zip(backward).Sum(p => Math.Pow(p.First - p.Second, 2)) / forward.Sum(f => (double)f * f));
        Assert.Equal(gap, model.Side.GetReport().GradientGap!.Value, 6);
        Assert.Equal(method is "Transposable" or "Ste", gap == 0);

        // Of weights that moved since, the masks say nothing.
        Values.Raw(model.Layer.weight)[0]++;
        Assert.Null(model.Side.GetReport().GradientGap);
    }

    [Theory]
    [InlineData("Unmoved", false)]
    [InlineData("DenseAround", true)]
    public void ASearch_IsSkippedWhereMasksHaveNotMovedEnough(string method, bool searches)
    {
        var run = new MethodRun(method);
        int[]? first = null;
        var changes = new List<int>();
        for (int step = 10; step < 30; step++)
        {
            run.Side.Step = step == 10 ? 10 : step - 1; // The change of the weights counts as one.
            run.Model.Backward(step);
            Assert.Equal(step, run.Side.Step);
            int[] now = run.Side.Permutation!;
            if (first is not null && !first.SequenceEqual(now))
            {
                changes.Add(step);
            }

            first = now;
            new Samples(step).Array(OneLayer.Out * OneLayer.In).CopyTo(Values.Raw(run.Model.Layer.weight));
        }

        Assert.Equal(searches ? [20] : [], changes);
    }
}
