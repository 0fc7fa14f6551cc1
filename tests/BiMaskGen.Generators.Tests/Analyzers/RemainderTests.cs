using BiMaskGen.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.Generators.Tests.Analyzers;

/// <summary>NMS002 and NMS003: feature counts that leave a remainder, wherever they come from.</summary>
public sealed class RemainderTests
{
    [Theory]
    [InlineData("2, 4", "50", "in_features 50 is not a multiple of 4: use 48 or 52 (the forward groups of 'Net.fc' end in a remainder of 2)")]
    [InlineData("2, 4", "3", "in_features 3 is not a multiple of 4: use 4 (the forward groups of 'Net.fc' end in a remainder of 3)")]
    [InlineData("3, 7", "64", "in_features 64 is not a multiple of 7: use 63 or 70 (the forward groups of 'Net.fc' end in a remainder of 1)")]
    [InlineData("1, 32", "784", "in_features 784 is not a multiple of 32: use 768 or 800 (the forward groups of 'Net.fc' end in a remainder of 16)")]
    public async Task InFeatures(string pattern, string number, string message) => Assert.Equal(
        message,
        await RuleRun.Single(
            "NMS002", DiagnosticSeverity.Warning, number, Sources.Class($"[NMSparse({pattern})]", $"private readonly Linear fc = Linear({number}, 224);")));

    [Theory]
    [InlineData("2, 4", "10", "out_features 10 is not a multiple of 4: use 8 or 12 (the backward groups of 'Net.fc' end in a remainder of 2)")]
    [InlineData("1, 16", "1000", "out_features 1000 is not a multiple of 16: use 992 or 1008 (the backward groups of 'Net.fc' end in a remainder of 8)")]
    public async Task OutFeatures(string pattern, string number, string message) => Assert.Equal(
        message,
        await RuleRun.Single(
            "NMS003", DiagnosticSeverity.Warning, number, Sources.Class($"[NMSparse({pattern})]", $"private readonly Linear fc = Linear(64, {number});")));

    [Theory]
    [InlineData("private readonly Linear fc = Linear(48, 52);")]
    [InlineData("[KeepDense] private readonly Linear fc = Linear(50, 50);")]
    [InlineData("[NMSparse(1, 2)] private readonly Linear fc = Linear(50, 50);")]
    [InlineData("private readonly Conv2d fc = Conv2d(48, 52, 3);")]
    [InlineData("private readonly Conv2d fc = Conv2d(50, 52, 3, groups: 2);")]
    [InlineData("[NMSparse(2, 4, ConvGrouping = ConvGrouping.Flattened)] private readonly Conv2d fc = Conv2d(50, 52, 2);")]
    [InlineData("[NMSparse(2, 4, ConvGrouping = ConvGrouping.Flattened)] private readonly Conv2d fc = Conv2d(50, 52, Environment.ProcessorCount);")]
    [InlineData("private readonly Linear fc = Linear(nn.Parameter(zeros(50, 50)), null);")]
    public async Task Fits(string member)
    {
        await RuleRun.None("NMS002", Sources.Class("[NMSparse(2, 4)]", member));
        await RuleRun.None("NMS003", Sources.Class("[NMSparse(2, 4)]", member));
    }

    [Theory]
    [InlineData("Conv2d", "Conv2d(3, 64, 7, stride: 2)", "3", "in_channels 3 is not a multiple of 4: use 4 (the forward groups of 'Net.conv' end in a remainder of 3 at every tap of the kernel)")]
    [InlineData("Conv1d", "Conv1d(50, 64, 3)", "50", "in_channels 50 is not a multiple of 4: use 48 or 52 (the forward groups of 'Net.conv' end in a remainder of 2 at every tap of the kernel)")]
    [InlineData("Conv2d", "Conv2d(50, 64, 1)", "50", "in_channels 50 is not a multiple of 4: use 48 or 52 (the forward groups of 'Net.conv' end in a remainder of 2)")]
    public async Task InChannels(string type, string layer, string at, string message) => Assert.Equal(
        message,
        await RuleRun.Single("NMS002", DiagnosticSeverity.Warning, at, Sources.Class("[NMSparse(2, 4)]", $"private readonly {type} conv = {layer};")));

    [Fact]
    public async Task FlattenedChannels() => Assert.Equal(
        "in_channels × kernel 27 is not a multiple of 4: use 24 or 28 (the forward groups of 'Net.conv' end in a remainder of 3)",
        await RuleRun.Single(
            "NMS002", DiagnosticSeverity.Warning, "3",
            Sources.Class("[NMSparse(2, 4, ConvGrouping = ConvGrouping.Flattened)]", "private readonly Conv2d conv = Conv2d(3, 64, (3, 3));")));

    [Fact]
    public async Task OutChannels() => Assert.Equal(
        "out_channels 50 is not a multiple of 4: use 48 or 52 (the backward groups of 'Net.conv' end in a remainder of 2)",
        await RuleRun.Single(
            "NMS003", DiagnosticSeverity.Warning, "50", Sources.Class("[NMSparse(2, 4)]", "private readonly Conv2d conv = Conv2d(64, 50, 3);")));

    [Fact]
    public async Task ClassWithoutTheAttribute() => await RuleRun.None("NMS002", Sources.Class("", "private readonly Linear fc = Linear(50, 50);"));

    /// <summary>Everything that a shape is followed through.</summary>
    [Theory]
    [InlineData("private const int Width = 50; private readonly Linear fc = Linear(Width, 8);", "Width", 50)]
    [InlineData("private const int Width = 25; private readonly Linear fc = Linear(2 * Width, 8);", "2 * Width", 50)]
    [InlineData("private static readonly int Width = 50; private readonly Linear fc = Linear(Width, 8);", "Width", 50)]
    [InlineData("private static readonly long Half = 25, Width = 2 * Half; private readonly Linear fc = Linear(Width, 8);", "Width", 50)]
    [InlineData("private static int Width => 50; private readonly Linear fc = Linear(Width, 8);", "Width", 50)]
    [InlineData("private static int Width { get; } = 50; private readonly Linear fc = Linear(Width, 8);", "Width", 50)]
    [InlineData("private readonly Linear fc = Linear(Sizes.Width, 8); private static class Sizes { public static readonly int Width = 50; }", "Sizes.Width", 50)]
    [InlineData("private readonly Linear fc = Linear((100 + 2) / 2 - (1 << 0), 8);", "(100 + 2) / 2 - (1 << 0)", 50)]
    [InlineData("private readonly Linear fc = Linear(outputSize: 8, inputSize: 50);", "50", 50)]
    [InlineData("private readonly Module<Tensor, Tensor> fc = Linear(50, 8);", "50", 50)]
    [InlineData("private readonly Linear fc = Environment.ProcessorCount > 1 ? Linear(50, 8) : Linear(48, 8);", "50", 50)]
    [InlineData("private Linear? fc; private Linear Make() => fc ??= Linear(50, 8);", "50", 50)]
    public async Task Followed(string members, string at, int number)
    {
        string message = await RuleRun.Single("NMS002", DiagnosticSeverity.Warning, at, Sources.Class("[NMSparse(2, 4)]", members));
        Assert.StartsWith($"in_features {number} is not a multiple of 4: use 48 or 52 ", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fc = Linear(50, 8);", "50")]
    [InlineData("int width = 50; fc = Linear(width, 8);", "width")]
    [InlineData("const int width = 50; fc = Linear(width, 8);", "width")]
    [InlineData("var half = 25; var width = half + half; (fc) = Linear(width, 8);", "width")]
    [InlineData("_width = 50; fc = Linear(_width, 8);", "_width")]
    [InlineData("Size = 50; this.fc = Linear(this.Size, 8);", "this.Size")]
    [InlineData("(fc, _width) = (Linear(50, 8), 3);", "50")]
    public async Task FollowedInAConstructor(string body, string at) =>
        await RuleRun.Single("NMS002", DiagnosticSeverity.Warning, at, WithConstructor("", body));

    /// <summary>What is not certain is not warned about.</summary>
    [Theory]
    [InlineData("int width, bool b", "fc = Linear(width, 8);")]
    [InlineData("int width, bool b", "int w = 50; if (b) { w = 48; } fc = Linear(w, 8);")]
    [InlineData("int width, bool b", "int w = 50; w -= 2; fc = Linear(w, 8);")]
    [InlineData("int width, bool b", "int w = 50; w++; fc = Linear(w, 8);")]
    [InlineData("int width, bool b", "int w = 50; Change(ref w); fc = Linear(w, 8);")]
    [InlineData("int width, bool b", "int w = 50; (w, _) = (48, 0); fc = Linear(w, 8);")]
    [InlineData("int width, bool b", "if (b) { _width = 50; } fc = Linear(_width, 8);")]
    [InlineData("int width, bool b", "fc = Linear(_width, 8); _width = 50;")]
    [InlineData("int width, bool b", "fc = Linear(s_changed, 8);")]
    [InlineData("int width, bool b", "fc = Linear(s_early, 8);")]
    [InlineData("int width, bool b", "fc = Linear(Mutable, 8);")]
    [InlineData("int width, bool b", "fc = Linear(Loop, 8);")]
    [InlineData("int width, bool b", "fc = Linear((long)(50 * 1.0 * width), 8);")]
    [InlineData("int width, bool b", "fc = Linear(unchecked(int.MaxValue + width), 8);")]
    public async Task NotCertain(string parameters, string body) => await RuleRun.None("NMS002", WithConstructor(parameters, body));

    [Fact]
    public async Task EachLayerAndEachFactoryCall()
    {
        Found[] found = await RuleRun.Of("NMS002", WithConstructor("", "fc = Linear(50, 8); Later = Linear(51, 8); Later = Linear(52, 8); Later = Linear(53, 8);"));
        Assert.Equal(["50", "51", "53"], found.Select(one => one.At));
    }

    [Fact]
    public async Task InAllPartsOfAClass()
    {
        Found[] found = await RuleRun.Of(
            "NMS002",
            Sources.Class("[NMSparse(2, 4)]", "private readonly Linear a = Linear(50, 8);"),
            "namespace Demo; public sealed partial class Net { private readonly Linear b = Linear(54, 8); }");
        Assert.Equal(["50", "54"], found.Select(one => one.At));
    }

    private static string WithConstructor(string parameters, string body) => $$"""
        [NMSparse(2, 4)]
        public sealed partial class Net : Module<Tensor, Tensor>
        {
            private static readonly int s_early = s_late, s_late = 50;
            private static readonly int s_changed = 50;
            private readonly Linear fc;
            private readonly int _width;

            static Net() => s_changed = 48;

            public Net({{parameters}}) : base("net")
            {
                fc = Linear(4, 4);
                {{body}}
            }

            private Linear Later { get; set; } = Linear(4, 4);

            private int Size { get; }

            private static int Mutable { get; set; } = 50;

            private static int Loop => Loop + Loop;

            public int Sum => _width + Size;

            public override Tensor forward(Tensor x) => x;

            private static void Change(ref int value) => value -= 2;
        }
        """;
}
