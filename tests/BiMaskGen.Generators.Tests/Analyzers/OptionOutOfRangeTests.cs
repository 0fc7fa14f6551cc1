using BiMaskGen.Generators.Tests.Harness;

namespace BiMaskGen.Generators.Tests.Analyzers;

public sealed class OptionOutOfRangeTests
{
    [Theory]
    [InlineData("PermuteEvery = 0", "PermuteEvery = 0 is out of range: it must be at least 1")]
    [InlineData("SearchCandidates = -1", "SearchCandidates = -1 is out of range: it must be at least 1")]
    [InlineData("Decay = -1e-4", "Decay = -0.0001 is out of range: it must be a finite number of at least 0")]
    [InlineData("Decay = double.NaN", "Decay = NaN is out of range: it must be a finite number of at least 0")]
    [InlineData("Decay = double.PositiveInfinity", "Decay = Infinity is out of range: it must be a finite number of at least 0")]
    [InlineData("Search = (PermutationSearch)9", "Search = (9) is out of range: it must be Swap, PaperRandom, Identity or Thorough")]
    public async Task Reported(string option, string message) =>
        Assert.Equal(message, await AnalyzerRun.Single(Sources.Class($"[NMSparse(2, 4, {option})]"), "NMS018", option));

    [Fact]
    public async Task EachWrongOptionIsReported()
    {
        var all = await AnalyzerRun.Diagnostics(Sources.Class("[NMSparse(2, 4, PermuteEvery = 0, Decay = -1)]"));
        Assert.Equal(["NMS018", "NMS018"], all.Select(diagnostic => diagnostic.Id));
    }

    [Theory]
    [InlineData("PermuteEvery = 1, SearchCandidates = 1, Decay = 0, Seed = -5")]
    [InlineData("Search = PermutationSearch.PaperRandom")]
    [InlineData("Search = PermutationSearch.Thorough")]
    [InlineData("Search = PermutationSearch.Identity, Decay = 1e9")]
    public async Task Valid(string options) => await RuleRun.None("NMS018", Sources.Class($"[NMSparse(2, 4, {options})]"));
}
