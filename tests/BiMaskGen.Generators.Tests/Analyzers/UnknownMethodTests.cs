using BiMaskGen.Generators.Tests.Harness;

namespace BiMaskGen.Generators.Tests.Analyzers;

public sealed class UnknownMethodTests
{
    private const string Message =
        "Method = (99) is no training method: it must be BiMask, Ste, SrSte, Transposable, Bdwp, DoublePruned, MaskDecay, StructureDecay, Continuous";

    [Fact]
    public async Task Reported() => Assert.Equal(
        Message,
        await AnalyzerRun.Single(Sources.Class("[NMSparse(2, 4, Method = (SparseMethod)99)]"), "NMS017", "Method = (SparseMethod)99"));

    [Fact]
    public async Task OnAMember() => await AnalyzerRun.Single(
        Sources.Member("[NMSparse(2, 4, Method = (SparseMethod)9)] private readonly Linear fc = Linear(8, 8);"), "NMS017", "Method = (SparseMethod)9");

    /// <summary>A method that is added has to be added to the table, in its place.</summary>
    [Fact]
    public async Task EveryMethodIsKnown()
    {
        foreach (SparseMethod method in Enum.GetValues<SparseMethod>())
        {
            Assert.Empty(await AnalyzerRun.Diagnostics(Sources.Class($"[NMSparse(2, 4, Method = SparseMethod.{method})]")));
        }

        Assert.EndsWith(string.Join(", ", Enum.GetNames<SparseMethod>()), Message, StringComparison.Ordinal);
    }
}
