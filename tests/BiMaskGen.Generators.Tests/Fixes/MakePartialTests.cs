using BiMaskGen.Generators.Tests.Analyzers;
using BiMaskGen.Generators.Tests.Harness;
using Microsoft.CodeAnalysis.CodeFixes;

namespace BiMaskGen.Generators.Tests.Fixes;

public sealed class MakePartialTests
{
    private const string Title = "Make it partial";

    [Theory]
    [InlineData("sealed class Net", "sealed partial class Net")]
    [InlineData("abstract class Net", "abstract partial class Net")]
    public async Task AClass(string before, string after) => Assert.Equal(
        Sources.Class("[NMSparse(2, 4)]", header: after), await FixRun.Of("NMS011", Sources.Class("[NMSparse(2, 4)]", header: before)).Apply(Title));

    [Theory]
    [InlineData("static class Outer", "record struct Middle", "static partial class Outer", "partial record struct Middle")]
    [InlineData("partial class Outer", "interface Middle", "partial class Outer", "partial interface Middle")]
    [InlineData("partial class Outer", "partial record Middle", "partial class Outer", "partial record Middle")]
    public async Task TheTypesAroundIt(string outer, string middle, string outerAfter, string middleAfter) =>
        Assert.Equal(Nested(outerAfter, middleAfter, "partial "), await FixRun.Of("NMS011", Nested(outer, middle, "")).Apply(Title));

    [Fact]
    public async Task NotWhereItWouldNotHelp() => Assert.Empty(await FixRun.Of(
        "NMS011", """[NMSparse(2, 4)] file class Net() : Module<Tensor, Tensor>("net") { public override Tensor forward(Tensor x) => x; }""").Titles());

    [Fact]
    public async Task TwoClassesInOneThatIsClosed()
    {
        string[] files = await FixRun.Of("NMS011", Two("", "")).ApplyAll(Title, FixAllScope.Document);
        Assert.Equal(Two("partial ", "partial "), files[0]);
    }

    [Theory]
    [InlineData(FixAllScope.Document, 2)]
    [InlineData(FixAllScope.Project, 1)]
    [InlineData(FixAllScope.Solution, 0)]
    public async Task All(FixAllScope scope, int left)
    {
        string[] files = await FixRun.OfProjects("NMS011", [Net("A", false), Net("B", false)], [Net("C", false)]).ApplyAll(Title, scope, left);
        Assert.Equal([Net("A", true), Net("B", left < 2), Net("C", left < 1)], files);
    }

    private static string Net(string name, bool partial) => Sources.Class("[NMSparse(2, 4)]", header: $"sealed {(partial ? "partial " : "")}class {name}");

    private static string Nested(string outer, string middle, string inner) => $$"""
        public {{outer}}
        {
            public {{middle}}
            {
                [NMSparse(2, 4)]
                public sealed {{inner}}class Net() : Module<Tensor, Tensor>("net")
                {
                    private readonly Linear fc = Linear(8, 8);

                    public override Tensor forward(Tensor x) => fc.call(x);
                }
            }
        }
        """;

    private static string Two(string outer, string inner) => $$"""
        public {{outer}}class Outer
        {
            [NMSparse(2, 4)]
            public {{inner}}class A() : Module<Tensor, Tensor>("a") { public override Tensor forward(Tensor x) => x; }

            [NMSparse(2, 4)]
            public {{inner}}class B() : Module<Tensor, Tensor>("b") { public override Tensor forward(Tensor x) => x; }
        }
        """;
}
