using BiMaskGen.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.Generators.Tests.Analyzers;

public sealed class ContradictingOptionsTests
{
    private const string NoPermutation = "no permutation is searched";
    private const string NoDecay = "the method adds no decay to the weight gradient";

    [Theory]
    [InlineData("Method = SparseMethod.Ste, Decay = 1e-4", "Decay = 1e-4", "Decay contradicts Method = Ste: " + NoDecay + "; drop Decay")]
    [InlineData("Decay = 1, Method = SparseMethod.MaskDecay", "Decay = 1", "Decay contradicts Method = MaskDecay: " + NoDecay + "; drop Decay")]
    [InlineData(
        "Method = SparseMethod.MaskDecay, Search = PermutationSearch.Swap",
        "Search = PermutationSearch.Swap",
        "Search contradicts Method = MaskDecay: " + NoPermutation + "; drop Search")]
    [InlineData("Method = SparseMethod.SrSte, PermuteEvery = 10", "PermuteEvery = 10", "PermuteEvery contradicts Method = SrSte: " + NoPermutation + "; drop PermuteEvery")]
    [InlineData(
        "Method = SparseMethod.Bdwp, SearchCandidates = 10",
        "SearchCandidates = 10",
        "SearchCandidates contradicts Method = Bdwp: " + NoPermutation + "; drop SearchCandidates")]
    [InlineData(
        "Search = PermutationSearch.Identity, PermuteEvery = 10",
        "PermuteEvery = 10",
        "PermuteEvery contradicts Search = Identity: " + NoPermutation + "; drop PermuteEvery")]
    [InlineData("SearchCandidates = 7", "SearchCandidates = 7", "SearchCandidates contradicts Search = Swap: only PaperRandom tries candidates; drop SearchCandidates")]
    [InlineData("Method = SparseMethod.Bdwp, DecoupledDecay = true", "DecoupledDecay = true", "DecoupledDecay contradicts Method = Bdwp: " + NoDecay + "; drop DecoupledDecay")]
    [InlineData("Decay = 0, DecoupledDecay = true", "DecoupledDecay = true", "DecoupledDecay contradicts Decay = 0: there is no decay; drop DecoupledDecay")]
    [InlineData("Method = SparseMethod.Bdwp, WarmStart = true", "WarmStart = true", "WarmStart contradicts Method = Bdwp: " + NoPermutation + "; drop WarmStart")]
    [InlineData(
        "Search = PermutationSearch.PaperRandom, WarmStart = true",
        "WarmStart = true",
        "WarmStart contradicts Search = PaperRandom: that search starts from nowhere; drop WarmStart")]
    [InlineData(
        "Search = PermutationSearch.Identity, SearchAbove = 0.1",
        "SearchAbove = 0.1",
        "SearchAbove contradicts Search = Identity: " + NoPermutation + "; drop SearchAbove")]
    [InlineData("RefreshEvery = 40", "RefreshEvery = 40", "RefreshEvery contradicts Method = BiMask: no mask is kept between steps; drop RefreshEvery")]
    [InlineData(
        "Method = SparseMethod.SrSte, MaskCurve = MaskCurve.Linear",
        "MaskCurve = MaskCurve.Linear",
        "MaskCurve contradicts Method = SrSte: no mask decays; drop MaskCurve")]
    [InlineData("MaskRate = 1e-4", "MaskRate = 1e-4", "MaskRate contradicts Method = BiMask: no mask decays; drop MaskRate")]
    [InlineData("MaskGradient = false", "MaskGradient = false", "MaskGradient contradicts Method = BiMask: no mask decays; drop MaskGradient")]
    [InlineData(
        "Method = SparseMethod.MaskDecay, MaskRate = 1e-4, MaskShare = 0.5, TotalSteps = 100",
        "MaskRate = 1e-4",
        "MaskRate contradicts MaskShare: the share of the run sets the rate; drop MaskRate")]
    [InlineData(
        "Method = SparseMethod.Ste, StructureCurve = StructureCurve.Stepwise",
        "StructureCurve = StructureCurve.Stepwise",
        "StructureCurve contradicts Method = Ste: no pattern narrows; drop StructureCurve")]
    [InlineData(
        "Method = SparseMethod.MaskDecay, TotalSteps = 100",
        "TotalSteps = 100",
        "TotalSteps contradicts Method = MaskDecay: nothing in its schedule depends on the length of the run; drop TotalSteps")]
    public async Task Reported(string options, string at, string message) =>
        Assert.Equal(message, Message(await Of(Sources.Class($"[NMSparse(2, 4, {options})]")), at));

    [Fact]
    public async Task ContinuousIs2Of4() => Assert.Equal(
        "Method contradicts 1:4: it is defined for 2:4 alone; drop Method",
        Message(await Of(Sources.Class("[NMSparse(1, 4, Method = SparseMethod.Continuous)]")), "Method = SparseMethod.Continuous"));

    [Fact]
    public async Task EachContradiction()
    {
        Found[] found = await Of(Sources.Class("[NMSparse(2, 4, Method = SparseMethod.Ste, Decay = 1, PermuteEvery = 2, SearchCandidates = 3)]"));
        Assert.Equal(["Decay = 1", "PermuteEvery = 2", "SearchCandidates = 3"], found.Select(one => one.At));
    }

    [Fact]
    public async Task OnAMember() => await RuleRun.Single(
        "NMS013",
        DiagnosticSeverity.Warning,
        "SearchCandidates = 7",
        Sources.Member("[NMSparse(2, 4, SearchCandidates = 7)] private readonly Linear a = Linear(8, 8), b = Linear(8, 8);"));

    [Theory]
    [InlineData("2, 4")]
    [InlineData("2, 4, Decay = 6e-3, PermuteEvery = 10, Seed = 3, Mvue = true")]
    [InlineData("2, 4, Search = PermutationSearch.PaperRandom, SearchCandidates = 7")]
    [InlineData("2, 4, Search = PermutationSearch.Identity")]
    [InlineData("2, 4, Method = SparseMethod.Ste")]
    [InlineData("2, 4, Method = SparseMethod.Ste, Decay = 0, Search = PermutationSearch.Identity")]
    [InlineData("2, 4, Method = SparseMethod.SrSte, Decay = 1e-4")]
    [InlineData("2, 4, Method = SparseMethod.Transposable, Decay = 1e-4")]
    [InlineData("2, 4, Method = SparseMethod.Continuous")]
    [InlineData("2, 4, DecoupledDecay = true")]
    [InlineData("2, 4, Reach = SparseReach.Children")]
    [InlineData("2, 4, WarmStart = true, SearchAbove = 0.02")]
    [InlineData("2, 4, Search = PermutationSearch.Thorough, WarmStart = true")]
    [InlineData("2, 4, Search = PermutationSearch.Weighted, WarmStart = true, PermuteEvery = 50")]
    [InlineData("2, 4, Method = SparseMethod.Ste, RefreshEvery = 0, MaskShare = 0, MaskGradient = true, DecoupledDecay = false")]
    [InlineData("2, 4, Method = SparseMethod.Transposable, RefreshEvery = 10, DecoupledDecay = true")]
    [InlineData("2, 4, Method = SparseMethod.DoublePruned, RefreshEvery = 100")]
    [InlineData("2, 4, Method = SparseMethod.MaskDecay, MaskCurve = MaskCurve.Exponential, MaskShare = 0.5, MaskGradient = false, TotalSteps = 100")]
    [InlineData("2, 4, Method = SparseMethod.MaskDecay, MaskRate = 1e-3")]
    [InlineData("2, 4, Method = SparseMethod.StructureDecay, StructureCurve = StructureCurve.Geometric, TotalSteps = 100")]
    [InlineData("2, 4, TotalSteps = 100, DenseFirst = 0.1")]
    [InlineData("2, 4, Method = SparseMethod.Ste, TotalSteps = 100, DenseLast = 0.1")]
    public async Task Agree(string arguments) => Assert.Empty(await Of(Sources.Class($"[NMSparse({arguments})]")));

    [Fact]
    public async Task ReachOnAMember() => Assert.Equal(
        "Reach contradicts its place on a member: only a class's attribute reaches further; drop Reach",
        Message(
            await Of(Sources.Class("", "[NMSparse(2, 4, Reach = SparseReach.Children)] private readonly Linear fc = Linear(8, 8);")), "Reach = SparseReach.Children"));

    [Theory]
    [InlineData("5, 4, SearchCandidates = 7")]
    [InlineData("2, 4, Method = (SparseMethod)99, Decay = 1")]
    [InlineData("2, 4, Search = (PermutationSearch)99, SearchCandidates = 7")]
    public async Task OtherRulesCases(string arguments) => Assert.Empty(await Of(Sources.Class($"[NMSparse({arguments})]")));

    /// <summary>A method that is added has to be added to the table.</summary>
    [Fact]
    public async Task EveryMethodIsInTheTable()
    {
        foreach (SparseMethod method in Enum.GetValues<SparseMethod>())
        {
            Found[] found = await Of(Sources.Class($"[NMSparse(2, 4, Method = SparseMethod.{method}, SearchCandidates = 7)]"));
            Assert.Equal("SearchCandidates = 7", Assert.Single(found).At);
        }
    }

    private static Task<Found[]> Of(string source) => RuleRun.Of("NMS013", source);

    private static string Message(Found[] found, string at)
    {
        Found one = Assert.Single(found);
        Assert.Equal((at, DiagnosticSeverity.Warning), (one.At, one.Severity));
        return one.Message;
    }
}
