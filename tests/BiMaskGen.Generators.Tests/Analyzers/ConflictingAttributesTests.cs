using BiMaskGen.Generators.Tests.Harness;

namespace BiMaskGen.Generators.Tests.Analyzers;

public sealed class ConflictingAttributesTests
{
    [Theory]
    [InlineData("[NMSparse(2, 4), KeepDense] private readonly Linear fc = Linear(8, 8);")]
    [InlineData("[NMSparse(2, 4)] [KeepDense] private readonly Linear fc = Linear(8, 8), b = Linear(8, 8);")]
    [InlineData("[NMSparse(2, 4), KeepDense] private Linear fc { get; } = Linear(8, 8);")]
    [InlineData("[NMSparse(2, 4), KeepDense] private readonly Conv2d fc = Conv2d(1, 2, 3);")]
    public async Task Reported(string member) => Assert.Equal(
        "'fc' carries both [NMSparse] and [KeepDense]: remove one of them",
        await AnalyzerRun.Single(Sources.Member(member), "NMS016", "KeepDense"));

    [Fact]
    public async Task OneOfEachIsNoConflict() => await RuleRun.None("NMS016", Sources.Class(
        "[NMSparse(2, 4)]",
        "[KeepDense] private readonly Linear a = Linear(8, 8); [NMSparse(1, 4)] private readonly Linear b = Linear(8, 8);"));
}
