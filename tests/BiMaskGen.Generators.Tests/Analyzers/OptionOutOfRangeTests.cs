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
    [InlineData("Search = (PermutationSearch)9", "Search = (9) is out of range: it must be Swap, PaperRandom, Identity, Thorough or Weighted")]
    [InlineData("Precision = (Precision)7", "Precision = (7) is out of range: it must be Weight, BFloat16 or Float16")]
    [InlineData("SearchAbove = 1.01", "SearchAbove = 1.01 is out of range: it must be from 0 to 1")]
    [InlineData("TotalSteps = 0", "TotalSteps = 0 is out of range: it must be at least 1")]
    [InlineData("DenseFirst = 1", "DenseFirst = 1 is out of range: it must be at least 0 and below 1")]
    [InlineData("DenseLast = -0.1", "DenseLast = -0.1 is out of range: it must be at least 0 and below 1 − DenseFirst")]
    [InlineData("Method = SparseMethod.DoublePruned, RefreshEvery = -1", "RefreshEvery = -1 is out of range: it must be at least 0")]
    [InlineData("Method = SparseMethod.MaskDecay, MaskCurve = (MaskCurve)7", "MaskCurve = (7) is out of range: it must be Linear or Exponential")]
    [InlineData("Method = SparseMethod.MaskDecay, MaskRate = 0", "MaskRate = 0 is out of range: it must be a finite number above 0")]
    [InlineData("Method = SparseMethod.MaskDecay, MaskShare = 1.5", "MaskShare = 1.5 is out of range: it must be from 0 to 1")]
    [InlineData(
        "Method = SparseMethod.StructureDecay, StructureCurve = (StructureCurve)2", "StructureCurve = (2) is out of range: it must be Stepwise or Geometric")]
    public async Task Reported(string option, string message) =>
        Assert.Equal(message, await AnalyzerRun.Single(Sources.Class($"[NMSparse(2, 4, {option})]"), "NMS018", option[(option.LastIndexOf(", ", StringComparison.Ordinal) is var comma && comma < 0 ? 0 : comma + 2)..]));

    [Fact]
    public async Task DensePhasesLeaveSomethingBetween() => Assert.Equal(
        "DenseLast = 0.5 is out of range: it must be at least 0 and below 1 − DenseFirst",
        await AnalyzerRun.Single(Sources.Class("[NMSparse(2, 4, TotalSteps = 9, DenseFirst = 0.5, DenseLast = 0.5)]"), "NMS018", "DenseLast = 0.5"));

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
    [InlineData("Search = PermutationSearch.Weighted")]
    [InlineData("TotalSteps = 1, DenseFirst = 0.25, DenseLast = 0.74")]
    [InlineData("Method = SparseMethod.MaskDecay, MaskCurve = MaskCurve.Exponential, MaskShare = 1, MaskGradient = false")]
    [InlineData("Method = SparseMethod.StructureDecay, StructureCurve = StructureCurve.Geometric, TotalSteps = 5000000000")]
    [InlineData("Method = SparseMethod.Transposable, RefreshEvery = 0")]
    [InlineData("Search = PermutationSearch.Identity, Decay = 1e9")]
    public async Task Valid(string options) => await RuleRun.None("NMS018", Sources.Class($"[NMSparse(2, 4, {options})]"));
}
