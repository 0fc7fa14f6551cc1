using BiMaskGen.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.Generators.Tests.Analyzers;

/// <summary>Shapes that a constructor call decides by the constants it passes.</summary>
public sealed class CreationTests
{
    private const string Model = """
        namespace Demo;

        [NMSparse(2, 4)]
        public partial class Model : Module<Tensor, Tensor>
        {
            private readonly Linear up, down;

            public Model(int width, int hidden = 64) : base("model")
            {
                up = Linear(width, hidden);
                down = Linear(hidden, width);
            }

            public Model() : this(hidden: 64, width: 32)
            {
            }

            public override Tensor forward(Tensor x) => down.call(up.call(x));
        }

        """;

    [Fact]
    public async Task ReportedWhereTheConstantIsGiven() => Assert.Equal(
        "in_features 50 is not a multiple of 4: use 48 or 52 (the forward groups of 'Model.up' end in a remainder of 2)",
        await RuleRun.Single("NMS002", DiagnosticSeverity.Warning, "50", Model, Use("new Model(50)")));

    [Theory]
    [InlineData("new Model(50)", "50")]
    [InlineData("new Model(hidden: 64, width: 50)", "50")]
    [InlineData("new Model(Width)", "Width")]
    [InlineData("new Model(s_width)", "s_width")]
    [InlineData("new Model(2 * 25)", "2 * 25")]
    [InlineData("new Demo.Model(50)", "50")]
    [InlineData("new Alias(50)", "50")]
    [InlineData("Pass(new(50))", "50")]
    [InlineData("((Func<Model>)(() => new Model(50)))()", "50")]
    [InlineData("new List<Model> { new Model(48), new Model(50) }", "50")]
    public async Task AnyCallAndAnyConstant(string creation, string at) =>
        await RuleRun.Single("NMS002", DiagnosticSeverity.Warning, at, Model, Use(creation));

    [Theory]
    [InlineData("new Model(48)")]
    [InlineData("new Model()")]
    [InlineData("new Model(unknown)")]
    [InlineData("new object()")]
    [InlineData("new List<int>(50)")]
    public async Task Fits(string creation) => await RuleRun.None("NMS002", Model, Use(creation));

    [Fact]
    public async Task BothDirectionsOfOneArgument()
    {
        Found[] found = await RuleRun.Of("NMS003", Model, Use("new Model(50, 30)"));
        Assert.Equal(
            [
                ("50", "out_features 50 is not a multiple of 4: use 48 or 52 (the backward groups of 'Model.down' end in a remainder of 2)"),
                ("30", "out_features 30 is not a multiple of 4: use 28 or 32 (the backward groups of 'Model.up' end in a remainder of 2)"),
            ],
            found.Select(one => (one.At, one.Message)));
    }

    [Fact]
    public async Task LayersThatSufferAlikeAreNamedTogether() => Assert.Equal(
        "in_features 50 is not a multiple of 4: use 48 or 52 (the forward groups of 'Wide.a', 'Wide.b' end in a remainder of 2)",
        await RuleRun.Single("NMS002", DiagnosticSeverity.Warning, "50", Model, Wide("a = Linear(width, 8); b = Linear(width, 8);"), Use("new Wide(50)")));

    [Fact]
    public async Task AFeatureComputedFromTheArgument()
    {
        string message = await RuleRun.Single(
            "NMS002", DiagnosticSeverity.Warning, "25", Model, Wide("int both = 2 * width; a = Linear(both, 8); b = Linear(8, 8);"), Use("new Wide(25)"));
        Assert.StartsWith("in_features 50 is not a multiple of 4: use 48 or 52 ", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("width = 48; a = Linear(width, 8); b = Linear(8, 8);")]
    [InlineData("a = Linear(width - width % 4, 8); b = Linear(8, 8);")]
    public async Task WhatTheConstructorMakesOfIt(string body) => await RuleRun.None("NMS002", Model, Wide(body), Use("new Wide(50)"));

    [Fact]
    public async Task PrimaryConstructor() => await RuleRun.Single("NMS002", DiagnosticSeverity.Warning, "50", Model, Primary, Use("new Primary(50)"));

    [Fact]
    public async Task DefaultValueOfAParameter() => Assert.Equal(
        "in_features 50 is not a multiple of 4: use 48 or 52 (the forward groups of 'Preset.fc' end in a remainder of 2)",
        await RuleRun.Single("NMS002", DiagnosticSeverity.Warning, "new Preset()", Model, Preset, Use("new Preset()")));

    [Theory]
    [InlineData("public Derived() : base(50) { }", "50")]
    [InlineData("public Derived() : this(50) { } public Derived(int w) : base(w) { }", "50")]
    public async Task ConstructorInitializers(string constructors, string at) =>
        await RuleRun.Single("NMS002", DiagnosticSeverity.Warning, at, Model, $"namespace Demo; public class Derived : Model {{ {constructors} }}", Use("new Derived()"));

    [Fact]
    public async Task BaseOfAPrimaryConstructor() =>
        await RuleRun.Single("NMS002", DiagnosticSeverity.Warning, "50", Model, "namespace Demo; public class Derived() : Model(50);", Use("new Derived()"));

    [Fact]
    public async Task ThroughADerivedClassToItsBase() => await RuleRun.Single(
        "NMS002", DiagnosticSeverity.Warning, "25", Model, "namespace Demo; public class Derived(int half) : Model(2 * half, 64);", Use("new Derived(25)"));

    private const string Primary = """
        namespace Demo;

        [NMSparse(2, 4)]
        public sealed partial class Primary(int width) : Module<Tensor, Tensor>("primary")
        {
            private readonly Linear fc = Linear(width, 64);

            public override Tensor forward(Tensor x) => fc.call(x);
        }
        """;

    private const string Preset = """
        namespace Demo;

        [NMSparse(2, 4)]
        public sealed partial class Preset(int width = 50) : Module<Tensor, Tensor>("preset")
        {
            private readonly Linear fc = Linear(width, 64);

            public override Tensor forward(Tensor x) => fc.call(x);
        }
        """;

    private static string Wide(string body) => $$"""
        namespace Demo;

        [NMSparse(2, 4)]
        public sealed partial class Wide : Module<Tensor, Tensor>
        {
            private readonly Linear a, b;

            public Wide(int width) : base("wide")
            {
                {{body}}
            }

            public override Tensor forward(Tensor x) => b.call(a.call(x));
        }
        """;

    private static string Use(string creation) => $$"""
        namespace Demo.Training
        {
            using Alias = Demo.Model;

            public static class Program
            {
                private const int Width = 50;
                private static readonly int s_width = 50;

                public static object Make(int unknown) => {{creation}};

                private static object Pass(Model model) => model;
            }
        }
        """;
}
