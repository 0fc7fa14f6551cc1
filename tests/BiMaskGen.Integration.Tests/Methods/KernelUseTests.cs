using BiMaskGen.Integration.Tests.Harness;

namespace BiMaskGen.Integration.Tests.Methods;

/// <summary>A method's products run on packed weights wherever its masks are N:M along the product's contraction, and nowhere else.</summary>
public sealed class KernelUseTests
{
    /// <summary>The layer, the step, and whether y and dX are sparse there.</summary>
    public static TheoryData<string, int, bool, bool> Uses { get; } = new()
    {
        { "BiMask", 0, true, true },
        { "Ste", 0, true, false },
        { "Decoupled", 0, true, false },
        { "Transposable", 0, true, true },
        { "Transposable", 13, true, true },
        { "Bdwp", 0, true, true },
        { "DoublePruned", 3, true, true },
        { "Mask", 0, false, false },
        { "Mask", 19, false, false },
        { "Mask", 20, true, false },
        { "Structure", 19, false, false },
        { "Structure", 20, true, false },
        { "Continuous", 0, true, false },
        { "DenseAround", 9, false, false },
        { "DenseAround", 10, true, true },
        { "DenseAround", 30, false, false },
    };

    [Theory]
    [MemberData(nameof(Uses))]
    public void CountersSayWhichKernelsRan(string method, int step, bool forward, bool backward)
    {
        foreach (KernelMode mode in new[] { KernelMode.Sparse, KernelMode.Dense })
        {
            using var kernels = new KernelModeScope(mode);
            var run = new MethodRun(method);
            run.Side.Step = step;
            Tensor x = new Samples(1).Tensor(6, Models.OneLayer.In).requires_grad_();
            for (int i = 0; i < 3; i++)
            {
                run.Model.call(x).sum().backward();
            }

            int y = mode == KernelMode.Sparse && forward ? 3 : 0, dx = mode == KernelMode.Sparse && backward ? 3 : 0;
            Assert.Equal(new KernelCounters(y, 3 - y, dx, 3 - dx, 3), run.Side.Counters);
        }
    }

    [Theory]
    [InlineData("BiMask", "dX y")]
    [InlineData("Bdwp", "dX y")]
    [InlineData("Transposable", "dX y")]
    [InlineData("Continuous", "y")]
    [InlineData("Structure", "")]
    public void OnlyProductsWithAChoiceAreMeasured(string method, string products)
    {
        using var kernels = new KernelModeScope(KernelMode.Auto);
        var run = new MethodRun(method);
        Tensor x = new Samples(1).Tensor(6, Models.OneLayer.In).requires_grad_();
        for (int i = 0; i < 80; i++)
        {
            run.Model.call(x).sum().backward();
        }

        Assert.Equal(products, string.Join(' ', run.Side.GetReport().Kernels.Select(k => k.Product).Distinct().Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("BiMask", 0, "2:4", 0.5, true)]
    [InlineData("Ste", 0, "2:4", 0.5, false)]
    [InlineData("Structure", 0, "3:4", 0.75, false)]
    [InlineData("Mask", 10, "2:4 β 0.5", 0.5, false)]
    [InlineData("DenseAround", 0, "dense", 1, false)]
    [InlineData("Transposable", 0, "2:4", 0.5, false)]
    public void TheReport_SaysMethodFormAndShares(string method, int step, string form, double kept, bool permuted)
    {
        var run = new MethodRun(method);
        Assert.Null(run.Side.GetReport().Form);
        run.Side.Step = step;
        run.Model.Backward(0);
        LayerReport report = run.Side.GetReport();
        Assert.Equal((run.Side.Method, form), (report.Method, report.Form));
        Assert.Equal(kept, report.KeptForward!.Value, 12);
        Assert.Equal(permuted, report.KeptBackwardIdentity is not null);
        Assert.Contains($"  {run.Side.Method}  ", Sides.Model(run.Model).GetSparsityReport().ToString(), StringComparison.Ordinal);
    }
}
