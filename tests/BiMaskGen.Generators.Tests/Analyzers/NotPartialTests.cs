using BiMaskGen.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.Generators.Tests.Analyzers;

public sealed class NotPartialTests
{
    [Fact]
    public async Task Reported() => Assert.Equal(
        "'Net' trains sparse, but has no sparsity report and keeps no mask state in checkpoints: make 'Net' partial",
        await RuleRun.Single("NMS011", DiagnosticSeverity.Warning, "Net", Sources.Class("[NMSparse(2, 4)]", header: "sealed class Net")));

    [Fact]
    public async Task ReachNeedsAPart() => Assert.EndsWith(
        ": make 'Net' partial; until then Reach = Children covers nothing",
        await RuleRun.Single(
            "NMS011", DiagnosticSeverity.Warning, "Net", Sources.Class("[NMSparse(2, 4, Reach = SparseReach.Children)]", header: "sealed class Net")),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("class Outer", "class Net", "make 'Outer' and 'Net' partial")]
    [InlineData("class Outer", "partial class Net", "make 'Outer' partial")]
    [InlineData("partial struct Outer", "class Net", "make 'Net' partial")]
    [InlineData("interface Outer", "partial class Net", "make 'Outer' partial")]
    public async Task Nested(string outer, string inner, string remedy)
    {
        string source = $$"""
            public {{outer}}
            {
                [NMSparse(2, 4)]
                public {{inner}}() : Module<Tensor, Tensor>("net")
                {
                    [KeepDense] private readonly Linear fc = Linear(8, 8);

                    public override Tensor forward(Tensor x) => fc.call(x);
                }
            }
            """;
        Assert.EndsWith(": " + remedy, await RuleRun.Single("NMS011", DiagnosticSeverity.Warning, "Net", source), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("file sealed class")]
    [InlineData("file sealed partial class")]
    public async Task FileLocal(string header)
    {
        string message = await RuleRun.Single(
            "NMS011",
            DiagnosticSeverity.Warning,
            "Local",
            $$"""[NMSparse(2, 4)] {{header}} Local() : Module<Tensor, Tensor>("local") { public override Tensor forward(Tensor x) => x; }""");
        Assert.EndsWith(": a file-local type cannot have a part in another file, so remove 'file'", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithTheAttributeOnAMember() => await RuleRun.Single(
        "NMS011", DiagnosticSeverity.Warning, "Net", Sources.Class("", "[NMSparse(2, 4)] private readonly Linear fc = Linear(8, 8);", "class Net"));

    [Theory]
    [InlineData("[NMSparse(2, 4)]", "sealed partial class Net")]
    [InlineData("", "sealed class Net")]
    public async Task Sound(string attribute, string header) => await RuleRun.None("NMS011", Sources.Class(attribute, header: header));
}
