using BiMaskGen.Generators.Tests.Harness;

namespace BiMaskGen.Generators.Tests.Analyzers;

public sealed class InvalidPatternTests
{
    [Theory]
    [InlineData("0, 4", "0:4 is no N:M pattern: N must be at least 1 and less than M, and M at most 32; the nearest pattern is 1:4")]
    [InlineData("4, 4", "4:4 is no N:M pattern: N must be at least 1 and less than M, and M at most 32; the nearest pattern is 3:4")]
    [InlineData("5, 4", "5:4 is no N:M pattern: N must be at least 1 and less than M, and M at most 32; the nearest pattern is 3:4")]
    [InlineData("2, 64", "2:64 is no N:M pattern: N must be at least 1 and less than M, and M at most 32; the nearest pattern is 2:32")]
    [InlineData("-3, -7", "-3:-7 is no N:M pattern: N must be at least 1 and less than M, and M at most 32; the nearest pattern is 1:2")]
    public async Task Reported(string numbers, string message)
    {
        string attribute = $"NMSparse({numbers})";
        Assert.Equal(message, await AnalyzerRun.Single(Sources.Class($"[{attribute}]"), "NMS001", attribute));
    }

    [Fact]
    public async Task ReportedOnceForVariablesDeclaredTogether() => await AnalyzerRun.Single(
        Sources.Member("[NMSparse(0, 4)] private readonly Linear a = Linear(8, 8), b = Linear(8, 8);"), "NMS001", "NMSparse(0, 4)");

    [Theory]
    [InlineData("1, 2")]
    [InlineData("2, 4")]
    [InlineData("3, 7")]
    [InlineData("31, 32")]
    public async Task Valid(string numbers) => await RuleRun.None("NMS001", Sources.Class($"[NMSparse({numbers})]"));
}
