using BiMaskGen.Generators.Tests.Analyzers;
using BiMaskGen.Generators.Tests.Harness;
using Microsoft.CodeAnalysis.CodeFixes;

namespace BiMaskGen.Generators.Tests.Fixes;

public sealed class UseMultipleTests
{
    private const string Dense = "Keep it dense: [KeepDense]";

    [Theory]
    [InlineData("NMS002", "Linear(50, 8)", "Use 48", "Linear(48, 8)")]
    [InlineData("NMS002", "Linear(50, 8)", "Use 52", "Linear(52, 8)")]
    [InlineData("NMS002", "Linear(50L, 8)", "Use 52", "Linear(52L, 8)")]
    [InlineData("NMS002", "Linear(0x32, 8)", "Use 52", "Linear(52, 8)")]
    [InlineData("NMS002", "Linear(3, 8)", "Use 4", "Linear(4, 8)")]
    [InlineData("NMS003", "Linear(outputSize: (10), inputSize: 8)", "Use 12", "Linear(outputSize: (12), inputSize: 8)")]
    [InlineData("NMS004", "Linear(40, 64)", "Use 48", "Linear(48, 64)")]
    [InlineData("NMS004", "Linear(40, 60)", "Use 48 and 64", "Linear(48, 64)")]
    public async Task InTheFactoryCall(string id, string before, string title, string after)
    {
        string source = Sources.Class("[NMSparse(2, 4)]", $"private readonly Linear fc = {before};");
        Assert.Equal(source.Replace(before, after, StringComparison.Ordinal), await FixRun.Of(id, source).Apply(title));
    }

    [Theory]
    [InlineData("private const int Width = 50; private readonly Linear fc = Linear(Width, 8);", "Width = 50", "Width = 52")]
    [InlineData("private static readonly long Width = 50; private readonly Linear fc = Linear(Width, 8);", "Width = 50", "Width = 52")]
    [InlineData("private const int Other = 50, Width = Other; private readonly Linear fc = Linear(Width, 8);", "Other = 50", "Other = 52")]
    public async Task WhereTheConstantIsWritten(string members, string before, string after)
    {
        string source = Sources.Class("[NMSparse(2, 4)]", members);
        Assert.Equal(source.Replace(before, after, StringComparison.Ordinal), await FixRun.Of("NMS002", source).Apply("Use 52"));
    }

    [Theory]
    [InlineData("new Net(width: 50)", "Use 52", "new Net(width: 52)")]
    [InlineData("new Net(width: 50)", "Use 48", "new Net(width: 48)")]
    [InlineData("new Net(half: 25)", "Use 26", "new Net(half: 26)")]
    public async Task AtAConstructorCall(string before, string title, string after)
    {
        string use = Use(before);
        Assert.Equal(Use(after), await FixRun.Of("NMS002", Model, use).Apply(title, file: 1));
    }

    /// <summary>Where no single number in the source decides the shape, none is offered.</summary>
    [Theory]
    [InlineData("Linear(2 * 25, 8)")]
    [InlineData("Linear(25 + 25, 8)")]
    public async Task NothingToReplace(string call) =>
        Assert.Equal([Dense], await FixRun.Of("NMS002", Sources.Class("[NMSparse(2, 4)]", $"private readonly Linear fc = {call};")).Titles());

    [Fact]
    public async Task Offers()
    {
        Assert.Equal([Dense, "Use 48", "Use 52"], (await FixRun.Of("NMS002", Sources.Class("[NMSparse(2, 4)]", "private readonly Linear fc = Linear(50, 8);")).Titles()).Order());
        Assert.Equal([Dense, "Use 4"], (await FixRun.Of("NMS002", Sources.Class("[NMSparse(2, 4)]", "private readonly Linear fc = Linear(2, 8);")).Titles()).Order());
    }

    [Fact]
    public async Task OneNumberThatTwoLayersShare()
    {
        string source = Sources.Class("[NMSparse(2, 4)]", "private const int Width = 50; private readonly Linear a = Linear(Width, 8), b = Linear(Width, 8);");
        string[] files = await FixRun.Of("NMS002", source).ApplyAll("Use 52", FixAllScope.Document);
        Assert.Equal(source.Replace("50", "52", StringComparison.Ordinal), files[0]);
    }

    [Theory]
    [InlineData(FixAllScope.Document, 2, "Use 52", "52 52 50 50")]
    [InlineData(FixAllScope.Project, 1, "Use 48", "48 48 48 50")]
    [InlineData(FixAllScope.Solution, 0, "Use 52", "52 52 52 52")]
    public async Task All(FixAllScope scope, int left, string title, string numbers)
    {
        string[] files = await FixRun.OfProjects("NMS002", [Two("A", 50), One("B", 50)], [One("C", 50)]).ApplyAll(title, scope, left);
        string[] n = numbers.Split(' ');
        Assert.Equal([Two("A", int.Parse(n[0])), One("B", int.Parse(n[2])), One("C", int.Parse(n[3]))], files);
    }

    private const string Model = """
        namespace Demo;

        [NMSparse(2, 4)]
        public sealed partial class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc;

            public Net(long width) : base("net") => fc = Linear(width, 64);

            public Net(int half, bool twice = true) : base("net") => fc = Linear(2 * half, 64);

            public override Tensor forward(Tensor x) => fc.call(x);
        }
        """;

    private static string Use(string creation) => $$"""
        namespace Demo;

        public static class Program
        {
            public static object Make() => {{creation}};
        }
        """;

    private static string One(string name, int width) => Layers(name, $"fc = Linear({width}, 8)");

    private static string Two(string name, int width) => Layers(name, $"a = Linear({width}, 8), b = Linear({width}, 8)");

    private static string Layers(string name, string layers) =>
        Sources.Class("[NMSparse(2, 4)]", $"private readonly Linear {layers};").Replace("class Net", "class " + name, StringComparison.Ordinal);
}
