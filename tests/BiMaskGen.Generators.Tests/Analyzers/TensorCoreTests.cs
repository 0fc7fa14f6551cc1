using System.Collections.Immutable;
using BiMaskGen.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.Generators.Tests.Analyzers;

/// <summary>NMS004 and NMS005: what sparse tensor cores do not take.</summary>
public sealed class TensorCoreTests
{
    private static readonly Dictionary<string, string> s_cuda = new() { ["BiMaskTarget"] = "CUDA" };
    private static readonly Dictionary<string, string> s_cpu = new() { ["BiMaskTarget"] = "cpu" };

    [Fact]
    public async Task Shape() => Assert.Equal(
        "'Net.fc': in_features 40 and out_features 64 fit 2:4, but not sparse tensor cores, where W and Wᵀ need multiples of 16 "
        + "(cuSPARSELt; CUTLASS: 64; bf16 assumed): use in_features 48 and out_features 64",
        await RuleRun.Single("NMS004", DiagnosticSeverity.Info, "Linear(40, 64)", Layer("2, 4", 40, 64)));

    [Theory]
    [InlineData("2, 4", 64, 40, "use in_features 64 and out_features 48")]
    [InlineData("1, 2", 50, 50, "use in_features 64 and out_features 64")]
    [InlineData("2, 12", 48, 60, "use in_features 48 and out_features 96")]
    [InlineData("1, 8", 8, 24, "use in_features 16 and out_features 32")]
    public async Task NextMultiple(string pattern, int inFeatures, int outFeatures, string remedy)
    {
        Found found = Assert.Single(await RuleRun.Of("NMS004", Layer(pattern, inFeatures, outFeatures)));
        Assert.EndsWith(remedy, found.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2, 4", 64, 64)]
    [InlineData("2, 4", 16, 4112)]
    [InlineData("2, 4", 50, 40)] // A remainder: NMS002's case.
    [InlineData("2, 4", 40, 50)]
    [InlineData("4, 8", 40, 40)] // No operand of tensor cores at all: NMS005's case.
    [InlineData("2, 6", 36, 36)]
    public async Task ShapeFits(string pattern, int inFeatures, int outFeatures) =>
        await RuleRun.None("NMS004", Layer(pattern, inFeatures, outFeatures));

    [Theory]
    [InlineData("BFloat16", "CUTLASS: 64; bf16)")]
    [InlineData("Float16", "CUTLASS: 64; fp16)")]
    public async Task ThePrecisionIsTheAttributes(string precision, string said)
    {
        Found found = Assert.Single(await RuleRun.Of("NMS004", Layer($"2, 4, Precision = Precision.{precision}", 40, 64)));
        Assert.Contains(said, found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WarningWhereCudaIsTheTarget() =>
        Assert.Equal(DiagnosticSeverity.Warning, Assert.Single(await RuleRun.Of("NMS004", s_cuda, Layer("2, 4", 40, 64))).Severity);

    [Fact]
    public async Task SilentWhereTheCpuIsTheTarget()
    {
        Assert.Empty(await RuleRun.Of("NMS004", s_cpu, Layer("2, 4", 40, 64)));
        Assert.Empty(await RuleRun.Of("NMS005", s_cpu, Layer("1, 8", 64, 64)));
    }

    [Fact]
    public async Task WhereAConstructorCallDecides()
    {
        const string model = """
            [NMSparse(2, 4)]
            public sealed partial class Net(int width) : Module<Tensor, Tensor>("net")
            {
                private readonly Linear fc = Linear(width, 64);

                public override Tensor forward(Tensor x) => fc.call(x);
            }

            public static class Program
            {
                public static object Good() => new Net(48);

                public static object Bad() => new Net(40);
            }
            """;
        await RuleRun.Single("NMS004", DiagnosticSeverity.Info, "40", model);
    }

    [Theory]
    [InlineData("1, 4", "1:4 runs at 2:4 speed on sparse tensor cores, not faster; the CPU kernels use it in full")]
    [InlineData("1, 2", "1:2 runs at 2:4 speed on sparse tensor cores, not faster; the CPU kernels use it in full")]
    [InlineData("2, 32", "2:32 runs at 2:4 speed on sparse tensor cores, not faster; the CPU kernels use it in full")]
    [InlineData("4, 8", "4:8 is no legal 2:4 operand of sparse tensor cores, so CUDA runs it as masked dense; the CPU kernels use it in full")]
    [InlineData("3, 7", "3:7 is no legal 2:4 operand of sparse tensor cores, so CUDA runs it as masked dense; the CPU kernels use it in full")]
    [InlineData("1, 6", "1:6 is no legal 2:4 operand of sparse tensor cores, so CUDA runs it as masked dense; the CPU kernels use it in full")]
    public async Task Pattern(string pattern, string message) =>
        Assert.Equal(message, await RuleRun.Single("NMS005", DiagnosticSeverity.Info, $"NMSparse({pattern})", Layer(pattern, 64, 64)));

    [Fact]
    public async Task PatternOnAMember() => await RuleRun.Single(
        "NMS005", DiagnosticSeverity.Info, "NMSparse(1, 8)", Sources.Member("[NMSparse(1, 8)] private readonly Linear a = Linear(8, 8), b = Linear(8, 8);"));

    [Fact]
    public async Task PatternFits() => await RuleRun.None("NMS005", Layer("2, 4", 64, 64));

    [Fact]
    public async Task InvalidPatternIsAnotherRulesCase() => Assert.Empty(
        await RuleRun.Diagnostics("NMS005", ImmutableDictionary<string, string>.Empty, TestCompilation.Of(Layer("5, 4", 64, 64))));

    [Fact]
    public void ThePropsLetTheRulesSeeTheTarget()
    {
        string props = File.ReadAllText(Path.Combine(Folders.Repository, "runtime", "BiMaskGen.Package", "buildTransitive", "BiMaskGen.props"));
        Assert.Contains("""<CompilerVisibleProperty Include="BiMaskTarget" />""", props, StringComparison.Ordinal);
    }

    private static string Layer(string pattern, int inFeatures, int outFeatures) =>
        Sources.Class($"[NMSparse({pattern})]", $"private readonly Linear fc = Linear({inFeatures}, {outFeatures});");
}
