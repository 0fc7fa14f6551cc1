using Xunit;

namespace BiMaskGen.Runtime.Tests.Reports;

public sealed class SparsityReportTests
{
    [Fact]
    public void TheTable_ShowsTheKernelOfTheBatchClassWithMostCalls()
    {
        KernelDecision training = new("y", 64, KernelKind.SparseCpu, 1, 2.5, 700), evaluation = new("y", 2048, KernelKind.MaskedDense, 8, 4, 15);
        var layer = new LayerReport("Demo.Mlp.fc1", new NMPattern(2, 4), 512, 64, 700, 0.5, 0.8, 0.85, [training, evaluation], default);

        string text = new SparsityReport([("fc1", layer)], [("head", "[KeepDense]")]).ToString();

        Assert.Contains("sparse 2.50×", text);
        Assert.DoesNotContain("dense 0.50×", text);
        Assert.Contains("head: dense ([KeepDense])", text);
    }
}
