using BiMaskGen.Generators.Tests.Harness;
using Microsoft.CodeAnalysis.CodeFixes;

namespace BiMaskGen.Generators.Tests.Fixes;

public sealed class PlainCallTests
{
    private const string Lambda = "Call it in a lambda";
    private const string Itself = "Call the layer itself";

    [Theory]
    [InlineData("new[] { x }.Select(fc.forward).First()", Lambda, "new[] { x }.Select((Tensor input) => fc.forward(input)).First()")]
    [InlineData("((Func<Tensor, Tensor>)fc.call)(x)", Lambda, "((Func<Tensor, Tensor>)((Tensor input) => fc.call(input)))(x)")]
    [InlineData("Twice(this.fc.call, x)", Lambda, "Twice((Tensor input) => this.fc.call(input), x)")]
    [InlineData("Run(() => { var f = fc.call; return f(x); })", Lambda, "Run(() => { var f = (Tensor input) => fc.call(input); return f(x); })")]
    [InlineData("Twice(input => Twice(fc.call, input), x)", Lambda, "Twice(input => Twice((Tensor input2) => fc.call(input2), input), x)")]
    [InlineData("fc?.call(x)!", Itself, "fc.call(x)!")]
    [InlineData("fc?.call(x).relu() ?? x", Itself, "fc.call(x).relu() ?? x")]
    [InlineData("Run(() => { var alias = fc; return alias.call(x); })", Itself, "Run(() => { var alias = fc; return fc.call(x); })")]
    [InlineData("Run(() => { Linear alias = this.fc; return relu(alias.call(x)); })", Itself, "Run(() => { Linear alias = this.fc; return relu(this.fc.call(x)); })")]
    public async Task Rewritten(string before, string title, string after) => Assert.Equal(Net(after), await FixRun.Of("NMS008", Net(before)).Apply(title));

    [Theory]
    [InlineData("maybe?.call(x)!")]
    [InlineData("Other?.fc.call(x)!")]
    [InlineData("Tree(y => fc.call(y))")]
    [InlineData("Tree(y => Twice(fc.call, y))")]
    [InlineData("Run(() => { var alias = fc; alias = Linear(8, 8); return alias.call(x); })")]
    [InlineData("Run(() => { var alias = Other!.fc; return alias.call(x); })")]
    [InlineData("new Friend().Use(this, x)")]
    [InlineData("Sequential(fc, ReLU()).call(x)")]
    public async Task NothingThatMeansTheSame(string expression) => Assert.Empty(await FixRun.Of("NMS008", Net(expression)).Titles());

    [Fact]
    public async Task NestedCalls()
    {
        string[] files = await FixRun.Of("NMS008", Net("Twice(fc.call, fc?.call(x)!)")).ApplyAll(Lambda, FixAllScope.Document);
        Assert.Equal(Net("Twice((Tensor input) => fc.call(input), fc.call(x)!)"), files[0]);
    }

    [Theory]
    [InlineData(FixAllScope.Document, 2)]
    [InlineData(FixAllScope.Project, 1)]
    [InlineData(FixAllScope.Solution, 0)]
    public async Task All(FixAllScope scope, int left)
    {
        const string before = "Twice(fc.call, x)", after = "Twice((Tensor input) => fc.call(input), x)";
        string[] files = await FixRun.OfProjects("NMS008", [Net(before, "A"), Net(before, "B")], [Net(before, "C")]).ApplyAll(Lambda, scope, left);
        Assert.Equal([Net(after, "A"), Net(left < 2 ? after : before, "B"), Net(left < 1 ? after : before, "C")], files);
    }

    private static string Net(string expression, string name = "Net") => $$"""
        [NMSparse(2, 4)]
        public sealed partial class {{name}}() : Module<Tensor, Tensor>("net")
        {
            private readonly Linear fc = Linear(8, 8);
            private readonly Linear? maybe = Linear(8, 8);

            public static {{name}}? Other { get; set; }

            public override Tensor forward(Tensor x) => {{expression}};

            private static Tensor Run(Func<Tensor> code) => code();

            private static Tensor Twice(Func<Tensor, Tensor> code, Tensor x) => code(code(x));

            private static Tensor Tree(Expression<Func<Tensor, Tensor>> code) => code.Compile()(null!);

            {{(expression.Contains("Friend", StringComparison.Ordinal)
                ? "private sealed class Friend { public Tensor Use(Net net, Tensor x) => net.fc.call(x); }"
                : "")}}
        }
        """;
}
