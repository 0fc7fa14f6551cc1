using BiMaskGen.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace BiMaskGen.Generators.Tests.Incremental;

/// <summary>Code is broken most of the time it is being written: the generator must neither throw nor add errors of its own.</summary>
public sealed class BrokenCodeTests
{
    [Theory]
    [InlineData("[NMSparse(2, 4)] [NMSparse(2, 4)]", "")]
    [InlineData("[NMSparse(2, 4)]", "[NMSparse(2, 4)] partial class Mlp { }")]
    [InlineData("[NMSparse(2, 4)]", "sealed class Mlp { }")]
    [InlineData("[NMSparse(2)]", "")]
    [InlineData("[NMSparse]", "")]
    [InlineData("[NMSparse(\"2\", 4)]", "")]
    [InlineData("[NMSparse(2, 4, Method = Missing)]", "")]
    [InlineData("[NMSparse(2, 4, Decay = )]", "")]
    [InlineData("[NMSparse(", "")]
    [InlineData("[NMSparse(2, 4)", "")]
    public void Attributes(string attribute, string after) => Survives(TestModels.Mlp.Replace("[NMSparse(2, 4)]", attribute, StringComparison.Ordinal) + after);

    [Theory]
    [InlineData("fc1 = Linear(784, 512)", "fc1 = Linear(784, )")]
    [InlineData("fc1 = Linear(784, 512)", "fc1 = Linear(")]
    [InlineData("fc1 = Linear(784, 512)", "fc1 = Missing(784, 512)")]
    [InlineData("fc1 = Linear(784, 512)", "fc1")]
    [InlineData("fc1 = Linear(784, 512)", "fc1 = Linear(784, 512), fc1 = Linear(3, 4)")]
    [InlineData("fc1 = Linear(784, 512)", "fc1 = Linear(784L * 99999999999999, -1)")]
    [InlineData("fc1.call(x)", "fc1.call()")]
    [InlineData("fc1.call(x)", "fc1.call(")]
    [InlineData("fc1.call(x)", "fc1.call")]
    [InlineData("fc1.call(x)", "fc1.")]
    [InlineData("fc1.call(x)", "fc1.call(x).relu(")]
    [InlineData("fc1.call(x)", "fc1.call<int>(x)")]
    [InlineData("fc1.call(x)", "nameof(fc1.call)(x)")]
    [InlineData("relu(fc1.call(x))", "relu(y: fc1.call(x))")]
    [InlineData("relu(fc1.call(x))", "relu(fc1.call(x), , )")]
    [InlineData("public Mlp()", "public Mlp(")]
    [InlineData("Module<Tensor, Tensor>", "Missing<Tensor>")]
    [InlineData("Module<Tensor, Tensor>", "Module<Tensor, >")]
    [InlineData("namespace Demo;", "namespace namespace Demo;")]
    [InlineData("class Mlp", "class")]
    [InlineData("class Mlp", "class Mlp<T>")]
    [InlineData("[KeepDense]", "[KeepDense, NMSparse(2, 4)]")]
    public void Bodies(string from, string to)
    {
        Assert.Contains(from, TestModels.Mlp, StringComparison.Ordinal);
        Survives(TestModels.Mlp.Replace(from, to, StringComparison.Ordinal));
    }

    [Fact]
    public void EveryPrefixOfAModel()
    {
        string text = TestModels.Mlp;
        for (int length = 0; length < text.Length; length += 7)
        {
            Survives(text[..length]);
        }
    }

    [Fact]
    public void NoTorchAtAll() =>
        Assert.Empty(GeneratorRun.Unchecked(TestCompilation.WithReferences(References.Framework, TestModels.Mlp)).Result.GeneratedSources);

    // Unchecked asserts that nothing was thrown and nothing reported.
    private static void Survives(string source)
    {
        CSharpCompilation compilation = TestCompilation.Of(source);
        GeneratorRun run = GeneratorRun.Unchecked(compilation);
        Assert.All(run.Files, file => Assert.DoesNotContain(
            file.SyntaxTree.GetDiagnostics(), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
    }
}
