using BiMaskGen.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.Generators.Tests.Analyzers;

public sealed class TooSmallTests
{
    [Theory]
    [InlineData(64, 64, "'Net.fc': in_features 64 × out_features 64 is too small to gain from 2:4: 4096 weights are no more than 4096; mark it [KeepDense]")]
    [InlineData(64, 10, "'Net.fc': in_features 64 × out_features 10 is too small to gain from 2:4: 640 weights are no more than 4096; mark it [KeepDense]")]
    [InlineData(768, 10, "'Net.fc': in_features 768 × out_features 10 is too small to gain from 2:4: one side is below 16; mark it [KeepDense]")]
    [InlineData(3, 4096, "'Net.fc': in_features 3 × out_features 4096 is too small to gain from 2:4: one side is below 16; mark it [KeepDense]")]
    public async Task Reported(int inFeatures, int outFeatures, string message) =>
        Assert.Equal(message, await RuleRun.Single("NMS010", DiagnosticSeverity.Info, $"Linear({inFeatures}, {outFeatures})", Layer(inFeatures, outFeatures)));

    [Theory]
    [InlineData("Conv2d(3, 64, 3)", "in_channels × kernel 27 × out_channels 64 is too small to gain from 2:4: 1728 weights are no more than 4096")]
    [InlineData("Conv2d(64, 64, 1)", "in_channels 64 × out_channels 64 is too small to gain from 2:4: 4096 weights are no more than 4096")]
    [InlineData("Conv2d(64, 8, (3, 3))", "in_channels × kernel 576 × out_channels 8 is too small to gain from 2:4: one side is below 16")]
    public async Task Convolutions(string layer, string message) => Assert.Equal(
        $"'Net.conv': {message}; mark it [KeepDense]",
        await RuleRun.Single("NMS010", DiagnosticSeverity.Info, layer, Sources.Class("[NMSparse(2, 4)]", $"private readonly Conv2d conv = {layer};")));

    [Fact]
    public async Task ElementOfAContainer() => Assert.Equal(
        "'Net.net.1': in_channels × kernel 27 × out_channels 64 is too small to gain from 2:4: 1728 weights are no more than 4096; mark it [KeepDense(\"1\")]",
        await RuleRun.Single(
            "NMS010",
            DiagnosticSeverity.Info,
            "Conv2d(3, 64, 3)",
            Sources.Class("[NMSparse(2, 4)]", "private readonly Sequential net = Sequential(Linear(64, 256), Conv2d(3, 64, 3), Conv2d(64, 64, 3));")));

    [Theory]
    [InlineData("Conv2d(16, 64, 3)")]
    [InlineData("Conv2d(4, 64, Environment.ProcessorCount)")]
    public async Task LargeConvolutions(string layer) =>
        await RuleRun.None("NMS010", Sources.Class("[NMSparse(2, 4)]", $"private readonly Conv2d conv = {layer};"));

    [Theory]
    [InlineData(64, 65)]
    [InlineData(512, 16)]
    [InlineData(2000000000, 2000000000)]
    public async Task LargeEnough(int inFeatures, int outFeatures) => await RuleRun.None("NMS010", Layer(inFeatures, outFeatures));

    [Fact]
    public async Task KeptDense() => await RuleRun.None(
        "NMS010", Sources.Class("[NMSparse(2, 4)]", "[KeepDense] private readonly Linear fc = Linear(8, 8);"));

    [Fact]
    public async Task WhereAConstructorCallDecides() => await RuleRun.Single(
        "NMS010",
        DiagnosticSeverity.Info,
        "8",
        """
        [NMSparse(2, 4)]
        public sealed partial class Net(int classes) : Module<Tensor, Tensor>("net")
        {
            private readonly Linear head = Linear(512, classes);

            public static object Small() => new Net(8);

            public static object Large() => new Net(1000);

            public override Tensor forward(Tensor x) => head.call(x);
        }
        """);

    private static string Layer(int inFeatures, int outFeatures) =>
        Sources.Class("[NMSparse(2, 4)]", $"private readonly Linear fc = Linear({inFeatures}, {outFeatures});");
}
