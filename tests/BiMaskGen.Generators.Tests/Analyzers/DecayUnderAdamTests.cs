using BiMaskGen.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.Generators.Tests.Analyzers;

public sealed class DecayUnderAdamTests
{
    [Fact]
    public async Task Reported() => Assert.Equal(
        "AdamW trains 'Net', whose Decay = 0.0002 is part of the gradient: it pollutes the second moment and is divided away; "
        + "set DecoupledDecay = true and call DecayPruned after each step, or Decay = 0, or a Decay tuned for AdamW",
        await RuleRun.Single(
            "NMS014", DiagnosticSeverity.Info, "optim.AdamW", Net("2, 4"), Trainer("Net net", "optim.AdamW(net.parameters(), 1e-3)")));

    [Theory]
    [InlineData("Net net", "optim.Adam(net.parameters())", "optim.Adam")]
    [InlineData("Net net", "torch.optim.Adam(net.named_parameters())", "torch.optim.Adam")]
    [InlineData("Net net", "new AdamW(net.parameters())", "AdamW")]
    [InlineData("Net net", "optim.Adam([.. net.parameters().Where(p => p.requires_grad)])", "optim.Adam")]
    [InlineData("Parent net", "optim.Adam(net.parameters())", "optim.Adam")]
    [InlineData("Module<Tensor, Tensor> net", "optim.Adam((net = new Net()).parameters())", "optim.Adam")]
    [InlineData("Net net, IEnumerable<Parameter> all", "optim.Adam(all)", "optim.Adam")]
    [InlineData("IEnumerable<Parameter> all", "optim.Adam(all)", "optim.Adam", "private readonly Net _net = new();")]
    public async Task WhereverTheModelIs(string parameters, string creation, string at, string members = "") =>
        await RuleRun.Single("NMS014", DiagnosticSeverity.Info, at, Net("2, 4, Decay = 1e-3"), Trainer(parameters, creation, members));

    [Fact]
    public async Task InTheModelItself() => await RuleRun.Single(
        "NMS014",
        DiagnosticSeverity.Info,
        "optim.Adam",
        Sources.Class("[NMSparse(2, 4)]", "private readonly Linear fc = Linear(8, 8); public object Optimizer() => optim.Adam(parameters());"));

    [Theory]
    [InlineData("2, 4, Decay = 0", "Net net", "optim.AdamW(net.parameters())")]
    [InlineData("2, 4, DecoupledDecay = true", "Net net", "optim.AdamW(net.parameters())")]
    [InlineData("2, 4, Method = SparseMethod.Ste", "Net net", "optim.AdamW(net.parameters())")]
    [InlineData("2, 4", "Net net", "optim.SGD(net.parameters(), 0.1)")]
    [InlineData("2, 4", "Dense net, Net other", "optim.AdamW(net.parameters())")]
    [InlineData("2, 4", "Dense net", "optim.AdamW(net.parameters())")]
    [InlineData("2, 4", "Net net", "Adam(net.parameters())")]
    public async Task Silent(string pattern, string parameters, string creation) =>
        await RuleRun.None("NMS014", Net(pattern), Trainer(parameters, creation));

    private static string Net(string arguments) => $$"""
        namespace Demo;

        [NMSparse({{arguments}})]
        public sealed partial class Net() : Module<Tensor, Tensor>("net")
        {
            private readonly Linear fc = Linear(8, 8);
            private readonly ModuleList<Net> nets = new();

            public override Tensor forward(Tensor x) => nets.Count > 0 ? x : fc.call(x);
        }

        public sealed class Parent() : Module<Tensor, Tensor>("parent")
        {
            private readonly ModuleList<Net> nets = new();

            public override Tensor forward(Tensor x) => nets.Count > 0 ? x : x;
        }

        public sealed class Dense() : Module<Tensor, Tensor>("dense")
        {
            public override Tensor forward(Tensor x) => x;
        }
        """;

    private static string Trainer(string parameters, string creation, string members = "") => $$"""
        namespace Demo;

        public sealed class Trainer
        {
            {{members}}

            public object Make({{parameters}}) => {{creation}};

            private static object Adam(IEnumerable<Parameter> mine) => mine;
        }
        """;
}
