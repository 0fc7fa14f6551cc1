using BiMaskGen.Generators.Tests.Harness;

namespace BiMaskGen.Generators.Tests.Analyzers;

public sealed class MethodNotLandedTests
{
    [Theory]
    [InlineData("SparseMethod.SrSte", "SrSte")]
    [InlineData("SparseMethod.Continuous", "Continuous")]
    [InlineData("(SparseMethod)99", "(99)")]
    public async Task Reported(string value, string name) => Assert.Equal(
        $"SparseMethod.{name} is not implemented yet: use SparseMethod.BiMask, the default",
        await AnalyzerRun.Single(Sources.Class($"[NMSparse(2, 4, Method = {value})]"), "NMS017", $"Method = {value}"));

    [Fact]
    public async Task EveryMethodButOneIsReported()
    {
        foreach (SparseMethod method in Enum.GetValues<SparseMethod>())
        {
            var all = await AnalyzerRun.Diagnostics(Sources.Class($"[NMSparse(2, 4, Method = SparseMethod.{method})]"));
            Assert.Equal(method == SparseMethod.BiMask ? [] : ["NMS017"], all.Select(diagnostic => diagnostic.Id));
        }
    }

    [Fact]
    public async Task OnAMember() => await AnalyzerRun.Single(
        Sources.Member("[NMSparse(2, 4, Method = SparseMethod.Ste)] private readonly Linear fc = Linear(8, 8);"), "NMS017", "Method = SparseMethod.Ste");
}
