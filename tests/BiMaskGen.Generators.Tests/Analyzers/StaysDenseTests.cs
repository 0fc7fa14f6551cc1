using BiMaskGen.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.Generators.Tests.Analyzers;

public sealed class StaysDenseTests
{
    private const string Other = "declared as a module, and not every value it can hold is a Linear";

    [Theory]
    [InlineData("private readonly Conv2d m = Conv2d(16, 32, 3, groups: 4);", "Conv2d is a grouped convolution (groups 4)")]
    [InlineData("private const int Width = 16; private readonly Conv2d m = Conv2d(Width, 2 * Width, 3, groups: Width);", "Conv2d is a depthwise convolution")]
    [InlineData("private readonly Module<Tensor, Tensor> m = Conv2d(16, 32, (3, 1), groups: 2);", "Conv2d is a grouped convolution (groups 2)")]
    [InlineData("private readonly Conv1d m = Conv1d(16, 32, 3, groups: 16);", "Conv1d is a depthwise convolution")]
    [InlineData("private readonly Conv2d m = Conv2d(16, 32, 3, padding_mode: TorchSharp.PaddingModes.Reflect);", "Conv2d pads with Reflect, not with zeros")]
    [InlineData("private readonly Conv2d m = Environment.ProcessorCount > 1 ? Conv2d(16, 32, 3) : Conv2d(16, 32, 3, 2, 1, 1, groups: 4);", "Conv2d is a grouped convolution (groups 4)")]
    [InlineData("private readonly Module<Tensor, Tensor> m = Environment.ProcessorCount > 1 ? Conv2d(16, 32, 3) : Conv1d(8, 8, 3);", Other)]
    [InlineData("private readonly Convolution m = Conv2d(16, 32, 3);", "Convolution is a convolution of any kind")]
    [InlineData("private readonly Embedding m = Embedding(16, 32);", "Embedding is a table that is looked up, not multiplied")]
    [InlineData("private Embedding m { get; } = Embedding(16, 32);", "Embedding is a table that is looked up, not multiplied")]
    [InlineData("private readonly Module<Tensor, Tensor> m = Environment.ProcessorCount > 1 ? ReLU() : Linear(8, 8);", Other)]
    [InlineData("public Module<Tensor, Tensor> m = Linear(8, 8);", Other)]
    [InlineData("private readonly Sequential m = Sequential((\"a\", Conv2d(2, 2, 3, groups: 2)), (\"b\", ReLU()));", "layers inside a Sequential (Conv2d) are not rewritten")]
    [InlineData("public readonly Module<Tensor, Tensor> m = Environment.ProcessorCount > 1 ? Sequential(Linear(8, 8)) : Linear(8, 8);", Other)]
    [InlineData("private readonly Linear[] m = [];", "layers inside a Linear[] (Linear) are not rewritten")]
    [InlineData("private List<Linear> m { get; } = [];", "layers inside a List<Linear> (Linear) are not rewritten")]
    [InlineData("private readonly Dictionary<string, (Linear, Conv2d)[]> m = [];", "layers inside a Dictionary<string, (Linear, Conv2d)[]> (Linear, Conv2d) are not rewritten")]
    public async Task Reported(string member, string reason) => Assert.Equal(
        $"'Net.m' stays dense: {reason}; mark it [KeepDense] if that is meant",
        await RuleRun.Single("NMS007", DiagnosticSeverity.Info, "m", Sources.Class("[NMSparse(2, 4)]", member)));

    /// <summary>What stays dense in a container whose other layers are sparse.</summary>
    [Theory]
    [InlineData("Sequential((\"a\", Conv2d(4, 4, 3, groups: 4)), (\"b\", Conv2d(4, 8, 3)))", "Net.m.a", "Conv2d is a depthwise convolution")]
    [InlineData("Sequential(Linear(8, 8), Sequential(ReLU(), Conv1d(8, 8, 3, groups: 2)))", "Net.m.1.1", "Conv1d is a grouped convolution (groups 2)")]
    [InlineData("Sequential(Linear(8, 8), Embedding(8, 8))", "Net.m.1", "Embedding is a table that is looked up, not multiplied")]
    public async Task InSparseContainers(string made, string element, string reason) => Assert.Equal(
        $"'{element}' stays dense: {reason}; mark it [KeepDense] if that is meant",
        await RuleRun.Single("NMS007", DiagnosticSeverity.Info, "m", Sources.Class("[NMSparse(2, 4)]", $"private readonly Sequential m = {made};")));

    /// <summary>Layers that the torch of the tests lacks, under its namespace.</summary>
    [Theory]
    [InlineData("LSTM", "a recurrent layer, whose products run inside libtorch")]
    [InlineData("MultiheadAttention", "attention, whose projections run inside libtorch")]
    [InlineData("TransformerEncoderLayer", "attention, whose projections run inside libtorch")]
    [InlineData("ConvTranspose2d", "a transposed convolution")]
    [InlineData("Bilinear", "a bilinear form")]
    public async Task Kinds(string layer, string kind) => Assert.Equal(
        $"'Net.m' stays dense: {layer} is {kind}; mark it [KeepDense] if that is meant",
        await RuleRun.Single(
            "NMS007",
            DiagnosticSeverity.Info,
            "m",
            Sources.Class("[NMSparse(2, 4)]", $"private readonly {layer} m = new();"),
            $$"""
            namespace TorchSharp.Modules
            {
                public sealed class {{layer}}() : Module<Tensor, Tensor>("stub")
                {
                    public override Tensor forward(Tensor x) => x;
                }
            }
            """));

    [Theory]
    [InlineData("[NMSparse(2, 4)]", "[KeepDense] private readonly Conv2d m = Conv2d(16, 32, 3);")]
    [InlineData("[NMSparse(2, 4)]", "private readonly Linear m = Linear(8, 8); private readonly LayerNorm n = LayerNorm(8); private readonly ReLU r = ReLU();")]
    [InlineData("[NMSparse(2, 4)]", "private readonly Sequential m = Sequential(ReLU(), Dropout(0.1));")]
    [InlineData("[NMSparse(2, 4)]", "[KeepDense] private readonly Linear[] m = [];")]
    [InlineData("[NMSparse(2, 4)]", "private static readonly Linear[] m = [];")]
    [InlineData("[NMSparse(2, 4)]", "private readonly List<Tensor> m = []; private readonly Func<Linear, Linear>? n = null;")]
    [InlineData("[NMSparse(2, 4)]", "private readonly Module<Tensor, Tensor> m = ReLU();")]
    [InlineData("[NMSparse(2, 4)]", "private readonly ModuleList<Net> m = new();")]
    [InlineData("[NMSparse(2, 4)]", "private readonly ModuleList<Linear> m = new();")]
    [InlineData("[NMSparse(2, 4)]", "private readonly Sequential m = Sequential(Linear(8, 8), ReLU());")]
    [InlineData("[NMSparse(2, 4)]", "private readonly Sequential m = Sequential(Conv2d(16, 32, 3), ReLU()); private readonly ModuleList<Conv1d> l = new();")]
    [InlineData("[NMSparse(2, 4)]", "[KeepDense(\"a\")] private readonly Sequential m = Sequential((\"a\", Linear(8, 8)), (\"b\", Linear(8, 8)));")]
    [InlineData("[NMSparse(2, 4)]", "private readonly ModuleList<Module<Tensor, Tensor>> m = new([.. Enumerable.Range(0, 3).Select(i => Linear(8, 8))]);")]
    [InlineData("", "[NMSparse(2, 4)] private readonly Linear m = Linear(8, 8); private readonly Conv2d c = Conv2d(16, 32, 3);")]
    [InlineData("", "private readonly Embedding c = Embedding(16, 32);")]
    [InlineData("[NMSparse(2, 4)]", "private readonly Conv2d c = Conv2d(16, 32, 3), d = Conv2d(16, 32, (3, 3), TorchSharp.Padding.Same); private readonly Conv1d e = Conv1d(8, 8, 3, groups: 1);")]
    public async Task Silent(string attribute, string members) => await RuleRun.None("NMS007", Sources.Class(attribute, members));
}
