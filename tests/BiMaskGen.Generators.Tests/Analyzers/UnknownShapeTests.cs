using BiMaskGen.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.Generators.Tests.Analyzers;

public sealed class UnknownShapeTests
{
    [Fact]
    public async Task SaidOnceForAClass() => Assert.Equal(
        "The shape of 'Net.a', 'Net.c', 'Net.d' is not known at compile time: it is checked where a constructor is called with constants, else at run time",
        await RuleRun.Single(
            "NMS009",
            DiagnosticSeverity.Info,
            "Net",
            """
            [NMSparse(2, 4)]
            public sealed partial class Net(int width, Linear given) : Module<Tensor, Tensor>("net")
            {
                private readonly Linear a = Linear(width, 64), b = Linear(64, 64), c = Linear(64, width), d = given;
                [KeepDense] private readonly Linear e = Linear(width, width);

                public override Tensor forward(Tensor x) => e.call(d.call(c.call(b.call(a.call(x)))));
            }
            """));

    [Theory]
    [InlineData("private readonly Linear fc = Linear(nn.Parameter(zeros(8, 8)), null);")]
    [InlineData("private readonly Linear fc = Environment.ProcessorCount > 3 ? Linear(8, 8) : Made(); private static Linear Made() => Linear(4, 4);")]
    [InlineData("public Linear? fc { get; set; }")]
    [InlineData("private readonly Linear fc = Linear(8, Environment.ProcessorCount);")]
    public async Task Unknown(string member) => await RuleRun.Single("NMS009", DiagnosticSeverity.Info, "Net", Sources.Class("[NMSparse(2, 4)]", member));

    [Theory]
    [InlineData("private readonly Linear fc = Linear(8, 8);")]
    [InlineData("private readonly Linear fc = Environment.ProcessorCount > 3 ? Linear(8, 8) : Linear(16, 8);")]
    [InlineData("private readonly Linear fc = Environment.ProcessorCount > 3 ? Linear(8, 8) : null!;")]
    [InlineData("private readonly Linear fc = Environment.ProcessorCount switch { 1 => Linear(8, 8), 2 => Linear(16, 8), _ => throw new NotSupportedException() };")]
    [InlineData("private Linear? fc = null; private void Build() => fc = Linear(8, 8);")]
    [InlineData("private readonly Conv2d fc = Conv2d(1, 2, Environment.ProcessorCount);")]
    public async Task Known(string member) => await RuleRun.None("NMS009", Sources.Class("[NMSparse(2, 4)]", member));

    [Fact]
    public async Task AtThePartThatCarriesTheAttribute()
    {
        const string first = "namespace Demo; public sealed partial class Net { private readonly Linear fc; }";
        const string second = """
            namespace Demo;

            [NMSparse(2, 4)]
            public sealed partial class Net : Module<Tensor, Tensor>
            {
                public Net(int width) : base("net") => fc = Linear(width, width);

                public override Tensor forward(Tensor x) => fc.call(x);
            }
            """;
        Diagnostic diagnostic = Assert.Single(await RuleRun.Diagnostics(
            "NMS009", new Dictionary<string, string>(), GeneratorRun.Unchecked(TestCompilation.Of(first, second)).Output));
        Assert.Equal("File1.cs", diagnostic.Location.SourceTree!.FilePath);
    }
}
