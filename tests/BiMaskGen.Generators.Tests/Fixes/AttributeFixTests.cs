using BiMaskGen.Generators.Tests.Analyzers;
using BiMaskGen.Generators.Tests.Harness;
using Microsoft.CodeAnalysis.CodeFixes;

namespace BiMaskGen.Generators.Tests.Fixes;

/// <summary>Fixes that edit the attribute: another pattern, an option less.</summary>
public sealed class AttributeFixTests
{
    [Theory]
    [InlineData("NMS001", "5, 4", "Use 3:4", "3, 4")]
    [InlineData("NMS001", "0, 4, Decay = 0", "Use 1:4", "1, 4, Decay = 0")]
    [InlineData("NMS001", "m: 64, n: 2", "Use 2:32", "m: 32, n: 2")]
    [InlineData("NMS001", "N, 4", "Use 3:4", "3, 4")]
    [InlineData("NMS005", "4, 8", "Use 2:4", "2, 4")]
    [InlineData("NMS005", "1, m: 16, Seed = 1", "Use 2:4", "2, m: 4, Seed = 1")]
    public async Task Pattern(string id, string before, string title, string after) =>
        Assert.Equal(Net(after), await FixRun.Of(id, Net(before)).Apply(title));

    [Theory]
    [InlineData("2, 4, SearchCandidates = 7", "Drop SearchCandidates", "2, 4")]
    [InlineData("2, 4, SearchCandidates = 7, Seed = 1", "Drop SearchCandidates", "2, 4, Seed = 1")]
    [InlineData("2, 4, Seed = 1, PermuteEvery = 5, Search = PermutationSearch.Identity", "Drop PermuteEvery", "2, 4, Seed = 1, Search = PermutationSearch.Identity")]
    public async Task Option(string before, string title, string after) =>
        Assert.Equal(Net(after), await FixRun.Of("NMS013", Net(before)).Apply(title));

    [Fact]
    public async Task AllOptionsOfOneAttribute()
    {
        string before = Net("2, 4, PermuteEvery = 5, Search = PermutationSearch.Identity, SearchCandidates = 7");
        string[] files = await FixRun.Of("NMS013", before).ApplyAll("Drop PermuteEvery", FixAllScope.Document);
        Assert.Equal(Net("2, 4, Search = PermutationSearch.Identity"), files[0]);
    }

    [Theory]
    [InlineData("NMS001", "5, 4", "Use 3:4", "3, 4")]
    [InlineData("NMS005", "1, 8", "Use 2:4", "2, 4")]
    [InlineData("NMS013", "2, 4, SearchCandidates = 7", "Drop SearchCandidates", "2, 4")]
    public async Task All(string id, string before, string title, string after)
    {
        foreach ((FixAllScope scope, int left) in new[] { (FixAllScope.Document, 2), (FixAllScope.Project, 1), (FixAllScope.Solution, 0) })
        {
            string[] files = await FixRun.OfProjects(id, [Net(before, "A"), Net(before, "B")], [Net(before, "C")]).ApplyAll(title, scope, left);
            Assert.Equal([Net(after, "A"), Net(left < 2 ? after : before, "B"), Net(left < 1 ? after : before, "C")], files);
        }
    }

    private static string Net(string arguments, string name = "Net") =>
        Sources.Class($"[NMSparse({arguments})]", "private const int N = 4; private readonly Linear fc = Linear(8, N);")
            .Replace("class Net", "class " + name, StringComparison.Ordinal)
            .Replace("(N, 4)", $"({name}.N, 4)", StringComparison.Ordinal);
}
