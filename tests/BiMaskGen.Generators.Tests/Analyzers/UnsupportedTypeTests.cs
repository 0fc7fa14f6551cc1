using BiMaskGen.Generators.Tests.Harness;

namespace BiMaskGen.Generators.Tests.Analyzers;

public sealed class UnsupportedTypeTests
{
    private const string Attribute = "NMSparse(2, 4)";

    [Fact]
    public async Task NotAModule() => Assert.Equal(
        "'Net' is not a TorchSharp module: derive it from torch.nn.Module<Tensor, Tensor>, or move [NMSparse] to the module that holds the layers",
        await AnalyzerRun.Single("[NMSparse(2, 4)] public class Net { public Linear Fc { get; } = Linear(8, 8); }", "NMS006", Attribute));

    [Fact]
    public async Task ARecordIsNoModule() =>
        await AnalyzerRun.Single("[NMSparse(2, 4)] public record Net(Linear Fc);", "NMS006", Attribute);

    [Fact]
    public async Task Static() => Assert.Equal(
        "'Net' is static and holds no layers of its own: move [NMSparse] to the module that holds them",
        await AnalyzerRun.Single("[NMSparse(2, 4)] public static class Net { }", "NMS006", Attribute));

    [Fact]
    public async Task Generic() => Assert.Equal(
        "'Net' is generic or nested in a generic type, and calls of one instantiation cannot be redirected alone: move the layers to a class that is not",
        await AnalyzerRun.Single(Sources.Class("[NMSparse(2, 4)]", header: "sealed partial class Net<T>"), "NMS006", Attribute));

    [Fact]
    public async Task NestedInGeneric() => await AnalyzerRun.Single(
        """
        public class Outer<T>
        {
            [NMSparse(2, 4)]
            public class Net() : Module<Tensor, Tensor>("net")
            {
                public override Tensor forward(Tensor x) => x;
            }
        }
        """,
        "NMS006",
        Attribute);

    [Theory]
    [InlineData("public class Net { [NMSparse(2, 4)] public Linear Fc { get; } = Linear(8, 8); }")]
    [InlineData("public class Net { [NMSparse(2, 4)] public Linear a = Linear(8, 8), b = Linear(8, 8); }")]
    [InlineData("public struct Net { [NMSparse(2, 4)] public Linear Fc { get; set; } }")]
    public async Task OnAMember(string source) => await AnalyzerRun.Single(source, "NMS006", Attribute);

    [Fact]
    public async Task UnknownBaseIsTheCompilersCase()
    {
        var all = await AnalyzerRun.Diagnostics("[NMSparse(2, 4)] public class Net : Missing { }");
        Assert.Equal(["CS0246"], all.Select(diagnostic => diagnostic.Id));
    }

    [Theory]
    [InlineData("sealed partial class Net")]
    [InlineData("abstract class Net")]
    public async Task Sound(string header) => await RuleRun.None("NMS006", Sources.Class("[NMSparse(2, 4)]", header: header));

    [Fact]
    public async Task IndirectlyDerived() => await RuleRun.None(
        "NMS006",
        Sources.Class("", header: "abstract class Base") + "[NMSparse(2, 4)] public class Net : Base { private readonly Linear last = Linear(2, 2); }");
}
