using BiMaskGen.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.Generators.Tests.Analyzers;

public sealed class CallNotRedirectedTests
{
    private const string MethodGroup = "a method group is called by somebody else; write a lambda";
    private const string Conditional = "a call behind ?. cannot be redirected; call the layer itself";
    private const string Tree = "inside an expression tree it is data, not a call";
    private const string Local = "it goes through a local variable; call the layer itself";
    private const string Reflection = "reflection makes it";

    [Theory]
    [InlineData("((Func<Tensor, Tensor>)fc.call)(x)", "fc.call", MethodGroup)]
    [InlineData("new[] { x }.Select(this.fc.forward).First()", "this.fc.forward", MethodGroup)]
    [InlineData("fc?.call(x)!", "fc?.call(x)", Conditional)]
    [InlineData("Other?.fc.call(x)!", ".fc.call", Conditional)]
    [InlineData("Take(y => fc.call(y))", "fc.call", Tree)]
    [InlineData("Alias(x)", "alias.call", Local)]
    [InlineData("(Tensor)typeof(Linear).GetMethod(\"forward\")!.Invoke(fc, [x])!", "typeof(Linear).GetMethod(\"forward\")!.Invoke(fc, [x])", Reflection)]
    [InlineData("((Module<Tensor, Tensor>)typeof(M).GetField(\"fc\")!.GetValue(this)!).call(x)", "typeof(M).GetField(\"fc\")", Reflection)]
    [InlineData(
        "typeof(Linear).GetMethod(\"forward\")!.CreateDelegate<Func<Tensor, Tensor>>(fc)(x)",
        "typeof(Linear).GetMethod(\"forward\")!.CreateDelegate<Func<Tensor, Tensor>>(fc)",
        Reflection)]
    [InlineData("Sequential(fc, ReLU()).call(x)", "Sequential(fc, ReLU())", "the Sequential makes it")]
    public async Task InItsClass(string expression, string at, string reason) => Assert.Equal(
        "This call of 'M.fc' runs dense: " + reason, await RuleRun.Single("NMS008", DiagnosticSeverity.Warning, at, Model(expression)));

    [Theory]
    [InlineData("public static class Trainer { public static Tensor Run(M m, Tensor x) => m.fc.call(x); }", "m.fc.call", "Trainer")]
    [InlineData("public class Derived : M { public Tensor Run(Tensor x) => fc.forward(x); }", "fc.forward", "Derived")]
    [InlineData("public static class Trainer { public static Func<Tensor, Tensor> Run(M m) => m.fc.call; }", "m.fc.call", "Trainer")]
    [InlineData("public partial class Outer { private sealed class Friend { public Tensor Run(M m, Tensor x) => m.fc.call(x); } }", "m.fc.call", "Friend")]
    public async Task FromAnotherClass(string code, string at, string name) => Assert.Equal(
        $"This call of 'M.fc' runs dense: '{name}' is another class than 'M', without [NMSparse]",
        await RuleRun.Single("NMS008", DiagnosticSeverity.Warning, at, Model("fc.call(x)"), code));

    [Theory]
    [InlineData("fc.call(x)")]
    [InlineData("relu(this.fc.forward(x))")]
    [InlineData("fc!.call((Tensor)x)")]
    [InlineData("new M().fc.call(x)")]
    [InlineData("((Func<Tensor, Tensor>)(y => fc.call(y)))(x)")]
    [InlineData("nameof(fc.call).Length > 3 ? x : x")]
    [InlineData("((Func<Tensor, Tensor>)dense.call)(x)")]
    [InlineData("(dense?.call(x))!")]
    [InlineData("Sequential(dense, ReLU()).call(x)")]
    [InlineData("Sequential(ReLU()).call(fc.call(x))")]
    [InlineData("typeof(M).GetField(\"dense\") is null ? x : x")]
    [InlineData("typeof(M).GetField(\"fc\") is null ? x : x")]
    [InlineData("typeof(M).GetField(x.ToString()!) is null ? x : x")]
    [InlineData("fc.named_parameters().Any() ? x : x")]
    public async Task Redirected(string expression) => await RuleRun.None("NMS008", Model(expression));

    [Fact]
    public async Task ClassesWithoutTheAttribute() => await RuleRun.None(
        "NMS008", Model("((Func<Tensor, Tensor>)fc.call)(x)").Replace("[NMSparse(2, 4)]", "", StringComparison.Ordinal).Replace("[KeepDense]", "", StringComparison.Ordinal));

    private static string Model(string expression) => $$"""
        [NMSparse(2, 4)]
        public partial class M : Module<Tensor, Tensor>
        {
            public readonly Linear fc = Linear(8, 8);
            [KeepDense] private readonly Linear dense = Linear(8, 8);

            public M() : base("m") => RegisterComponents();

            public static M? Other { get; set; }

            public override Tensor forward(Tensor x) => {{expression}};

            private static Tensor Take(Expression<Func<Tensor, Tensor>> e) => null!;

            private Tensor Alias(Tensor x)
            {
                var alias = {{(expression == "Alias(x)" ? "fc" : "dense")}};
                return alias.call(x);
            }
        }
        """;
}
