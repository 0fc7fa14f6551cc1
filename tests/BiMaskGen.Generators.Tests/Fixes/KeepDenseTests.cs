using BiMaskGen.Generators.Tests.Analyzers;
using BiMaskGen.Generators.Tests.Harness;
using Microsoft.CodeAnalysis.CodeFixes;

namespace BiMaskGen.Generators.Tests.Fixes;

public sealed class KeepDenseTests
{
    private const string Title = "Keep it dense: [KeepDense]";

    [Theory]
    [InlineData("NMS002", "private readonly Linear fc = Linear(50, 8);")]
    [InlineData("NMS003", "private readonly Linear fc = Linear(8, 50);")]
    [InlineData("NMS004", "private readonly Linear fc = Linear(40, 40);")]
    [InlineData("NMS007", "private readonly Embedding fc = Embedding(64, 64);")]
    [InlineData("NMS007", "private Embedding fc { get; } = Embedding(16, 32);")]
    [InlineData("NMS010", "private readonly Linear fc = Linear(8, 8);")]
    public async Task EachRule(string id, string member) => await Mended(id, member, "[KeepDense] " + member);

    [Theory]
    [InlineData(
        "// Above.\n    private readonly Linear a = Linear(50, 8), b = Linear(8, 8); // Behind.",
        "// Above.\n    [KeepDense] private readonly Linear a = Linear(50, 8);\n    private readonly Linear b = Linear(8, 8); // Behind.")]
    [InlineData(
        "private readonly Linear a = Linear(8, 8), b = Linear(50, 8), c = Linear(8, 8), d = Linear(8, 8);",
        "private readonly Linear a = Linear(8, 8);\n    [KeepDense] private readonly Linear b = Linear(50, 8);\n    private readonly Linear c = Linear(8, 8), d = Linear(8, 8);")]
    public async Task DeclarationsAreSplit(string before, string after) => await Mended("NMS002", before, after);

    [Fact]
    public async Task AnAttributeOfItsOwnIsReplaced() => await Mended(
        "NMS002", "[NMSparse(1, 4)] private readonly Linear a = Linear(50, 8);", "[KeepDense] private readonly Linear a = Linear(50, 8);");

    [Fact]
    public async Task OtherAttributesStay() => await Mended(
        "NMS002",
        "[Obsolete]\n    private readonly Linear a = Linear(50, 8);",
        "[Obsolete]\n    [KeepDense] private readonly Linear a = Linear(50, 8);");

    [Fact]
    public async Task WhereALayerIsDeclaredNotWhereItIsMade() => await Mended(
        "NMS002",
        "private readonly Linear a;\n\n    public Net(int n) : this() => a = Linear(50, n);",
        "[KeepDense] private readonly Linear a;\n\n    public Net(int n) : this() => a = Linear(50, n);");

    [Fact]
    public async Task FromAConstructorCallInAnotherFile()
    {
        const string model = """
            namespace Demo;

            [NMSparse(2, 4)]
            public sealed partial class Net(int width) : Module<Tensor, Tensor>("net")
            {
                private readonly Linear a = Linear(width, 8), b = Linear(8, 8), c = Linear(width, 8);

                public override Tensor forward(Tensor x) => c.call(b.call(a.call(x)));
            }
            """;
        const string use = "namespace Demo; public static class Program { public static object Make() => new Net(50); }";
        string after = await FixRun.Of("NMS002", model, use).Apply(Title);
        Assert.Equal(
            model.Replace(
                "private readonly Linear a = Linear(width, 8), b = Linear(8, 8), c = Linear(width, 8);",
                """
                [KeepDense] private readonly Linear a = Linear(width, 8);
                    private readonly Linear b = Linear(8, 8);
                    [KeepDense] private readonly Linear c = Linear(width, 8);
                """,
                StringComparison.Ordinal),
            after);
    }

    [Fact]
    public async Task AllInOneDeclaration()
    {
        string source = Source("private readonly Linear a = Linear(50, 8), b = Linear(51, 8), c = Linear(8, 8);");
        string[] files = await FixRun.Of("NMS002", source).ApplyAll(Title, FixAllScope.Document);
        Assert.Equal(
            Source("[KeepDense] private readonly Linear a = Linear(50, 8), b = Linear(51, 8);\n    private readonly Linear c = Linear(8, 8);"), files[0]);
    }

    [Theory]
    [InlineData(FixAllScope.Document, 2, true, false, false)]
    [InlineData(FixAllScope.Project, 1, true, true, false)]
    [InlineData(FixAllScope.Solution, 0, true, true, true)]
    public async Task All(FixAllScope scope, int left, params bool[] kept)
    {
        string[] files = await FixRun.OfProjects("NMS010", [Small("A", false), Small("B", false)], [Small("C", false)]).ApplyAll(Title, scope, left);
        Assert.Equal([Small("A", kept[0]), Small("B", kept[1]), Small("C", kept[2])], files);
    }

    private static async Task Mended(string id, string before, string after) =>
        Assert.Equal(Source(after), await FixRun.Of(id, Source(before)).Apply(Title));

    private static string Source(string member) => Sources.Class("[NMSparse(2, 4)]", member);

    private static string Small(string name, bool kept) =>
        Source((kept ? "[KeepDense] " : "") + "private readonly Linear fc = Linear(8, 8);").Replace("class Net", "class " + name, StringComparison.Ordinal);
}
