using BiMaskGen.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.Generators.Tests.Analyzers;

public sealed class WeightUsedDirectlyTests
{
    [Theory]
    [InlineData("linear(x, fc.weight, fc.bias)", "fc.weight")]
    [InlineData("x.matmul(this.fc.weight.t())", "this.fc.weight")]
    [InlineData("fc.weight.sum()", "fc.weight")]
    [InlineData("x * fc.weight", "fc.weight")]
    [InlineData("-(fc.weight)", "fc.weight")]
    [InlineData("((Func<Tensor>)(() => { var w = fc.weight!; return w; }))()", "fc.weight")]
    public async Task Reported(string expression, string at) => Assert.Equal(
        "The weight of 'Net.fc' is used past its masks: pruned entries are in it; call the layer to use what it keeps",
        await RuleRun.Single("NMS015", DiagnosticSeverity.Info, at, Net(expression)));

    [Theory]
    [InlineData("fc.call(x)")]
    [InlineData("linear(x, dense.weight)")]
    [InlineData("x.reshape(fc.weight.shape)")]
    [InlineData("fc.weight.numel() > fc.weight.shape[0] ? x : x")]
    [InlineData("x.to(fc.weight.dtype)")]
    [InlineData("fc.weight.grad!")]
    [InlineData("init.kaiming_normal_(fc.weight)")]
    [InlineData("init.zeros_(fc.weight!)")]
    [InlineData("Linear(fc.weight, null).call(x)")]
    [InlineData("(dense.weight = fc.weight)")]
    [InlineData("fc.weight = nn.Parameter(x)")]
    [InlineData("fc.weight.mul_(2)")]
    [InlineData("nameof(fc.weight).Length > 1 ? x : x")]
    [InlineData("new Parameter[] { fc.weight }.Length > 1 ? x : x")]
    [InlineData("new Other().Use(this, x)")]
    public async Task Silent(string expression) => await RuleRun.None("NMS015", Net(expression));

    private static string Net(string expression) => Sources.Class(
        "[NMSparse(2, 4)]",
        $$"""
        public readonly Linear fc = Linear(8, 8);
            [KeepDense] public readonly Linear dense = Linear(8, 8);

            public Tensor Run(Tensor x) => {{expression}};

            // What another class does with it is not this class's matter.
            private sealed class Other { public Tensor Use(Net net, Tensor x) => x * net.fc.weight; }
        """);
}
