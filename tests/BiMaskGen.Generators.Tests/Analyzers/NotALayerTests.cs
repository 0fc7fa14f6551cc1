using BiMaskGen.Generators.Tests.Harness;

namespace BiMaskGen.Generators.Tests.Analyzers;

public sealed class NotALayerTests
{
    private const string NoLinear =
        "[NMSparse] has no meaning on 'm': it is no instance field or auto-property that always holds a Linear, a convolution that can be sparse, or such layers in a container; declare it as such, or remove the attribute";

    private const string NoModule = "[KeepDense] has no meaning on 'm': it is no instance field or auto-property that holds a module, or a collection of layers";

    [Theory]
    [InlineData("private readonly Embedding m = Embedding(1, 2);")]
    [InlineData("public readonly int m = 3;")]
    [InlineData("private static readonly Linear m = Linear(8, 8);")]
    [InlineData("private readonly Module<Tensor, Tensor> m = ReLU();")]
    [InlineData("private readonly Module<Tensor, Tensor> m = Environment.ProcessorCount > 1 ? ReLU() : Linear(8, 8);")]
    [InlineData("public Module<Tensor, Tensor> m = Linear(8, 8);")]
    [InlineData("private Linear m => other;")]
    [InlineData("private Linear[] m = [];")]
    public async Task Sparse(string member) =>
        Assert.Equal(NoLinear, await AnalyzerRun.Single(Sources.Member("[NMSparse(2, 4)] " + member), "NMS019", "NMSparse(2, 4)"));

    [Theory]
    [InlineData("public readonly int m = 3;")]
    [InlineData("private static readonly Linear m = Linear(8, 8);")]
    [InlineData("private Linear m => other;")]
    public async Task Dense(string member) =>
        Assert.Equal(NoModule, await AnalyzerRun.Single(Sources.Member("[KeepDense] " + member), "NMS019", "KeepDense"));

    [Theory]
    [InlineData("[NMSparse(2, 4)] private readonly Linear m = Linear(8, 8);")]
    [InlineData("[NMSparse(2, 4)] private Linear m { get; } = Linear(8, 8);")]
    [InlineData("[NMSparse(2, 4)] private readonly Module<Tensor, Tensor> m = Linear(8, 8);")]
    [InlineData("[NMSparse(2, 4)] private readonly Conv2d m = Conv2d(1, 2, 3);")]
    [InlineData("[NMSparse(2, 4)] private readonly Module<Tensor, Tensor> m = Conv1d(1, 2, 3);")]
    [InlineData("[KeepDense] private readonly Linear m = Linear(8, 8);")]
    [InlineData("[NMSparse(2, 4)] private readonly Sequential m = Sequential(Linear(8, 8), ReLU());")]
    [InlineData("[NMSparse(2, 4)] private readonly ModuleList<Linear> m = new();")]
    [InlineData("[NMSparse(2, 4)] [KeepDense(\"1\")] private readonly Sequential m = Sequential(Linear(8, 8), Linear(8, 8));")]
    [InlineData("[NMSparse(2, 4)] [KeepDense(\"9\")] private readonly ModuleList<Linear> m = new();")]
    [InlineData("[KeepDense] private readonly Linear[] m = [];")]
    [InlineData("[KeepDense] private readonly Conv2d m = Conv2d(1, 2, 3);")]
    public async Task Sound(string member) => await RuleRun.None("NMS019", Sources.Member(member));

    [Theory]
    [InlineData("\"2\"", "private readonly Sequential m = Sequential(Linear(8, 8), ReLU(), Linear(8, 8).GetName() is null ? ReLU() : ReLU());", "the Sequential has no layer '2'; it has '0'")]
    [InlineData("\"1\"", "private readonly Sequential m = Sequential(Conv2d(8, 8, 3), ReLU(), Linear(8, 8));", "the Sequential has no layer '1'; it has '0', '2'")]
    [InlineData("\"1\", \"b\"", "private readonly Sequential m = Sequential((\"a\", Linear(8, 8)), (\"b\", Linear(8, 8)));", "the Sequential has no layer '1'; it has 'a', 'b'")]
    [InlineData("\"0\"", "private readonly Linear m = Linear(8, 8);", "it holds no elements to name; write [KeepDense]")]
    public async Task KeptElements(string names, string member, string reason) => Assert.Equal(
        "[KeepDense] has no meaning on 'm': " + reason,
        await AnalyzerRun.Single(Sources.Class("[NMSparse(2, 4)]", $"[KeepDense({names})] " + member), "NMS019", $"KeepDense({names})"));

    [Fact]
    public async Task UnknownTypeIsTheCompilersCase()
    {
        var all = await AnalyzerRun.Diagnostics(Sources.Member("[NMSparse(2, 4)] private readonly Missing m = null!;"));
        Assert.Equal(["CS0246"], all.Select(diagnostic => diagnostic.Id));
    }
}
