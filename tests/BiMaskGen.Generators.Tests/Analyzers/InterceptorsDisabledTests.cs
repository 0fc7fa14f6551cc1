using System.Collections.Immutable;
using BiMaskGen.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace BiMaskGen.Generators.Tests.Analyzers;

public sealed class InterceptorsDisabledTests
{
    private const string Message = "The layer calls of 'Net' cannot be redirected: the project does not enable interceptors for BiMaskGen.Generated; "
        + "import BiMaskGen.props or add <InterceptorsNamespaces>$(InterceptorsNamespaces);BiMaskGen.Generated</InterceptorsNamespaces>";

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Other.Generated;BiMaskGen.Gen;BiMaskGen.Generated.Deeper")]
    public async Task Reported(string? namespaces) => Assert.Equal(
        new Found("Net", Message, DiagnosticSeverity.Error), Assert.Single(await Run("InterceptorsNamespaces", namespaces, "[NMSparse(2, 4)]")));

    [Theory]
    [InlineData("InterceptorsNamespaces", "BiMaskGen.Generated")]
    [InlineData("InterceptorsNamespaces", "Other; BiMaskGen.Generated ;More")]
    [InlineData("InterceptorsNamespaces", ";BiMaskGen")]
    [InlineData("InterceptorsPreviewNamespaces", "BiMaskGen.Generated")]
    public async Task Enabled(string feature, string namespaces) => Assert.Empty(await Run(feature, namespaces, "[NMSparse(2, 4)]"));

    [Fact]
    public async Task NothingToRedirect() => Assert.Empty(await Run("InterceptorsNamespaces", null, ""));

    [Fact]
    public void TheRepositorysPropsEnableThem()
    {
        string props = File.ReadAllText(Path.Combine(Folders.Repository, "runtime", "BiMaskGen.Package", "buildTransitive", "BiMaskGen.props"));
        Assert.Contains("<InterceptorsNamespaces>$(InterceptorsNamespaces);BiMaskGen.Generated</InterceptorsNamespaces>", props, StringComparison.Ordinal);
    }

    // Without the generator: what it emits does not compile here.
    private static async Task<Found[]> Run(string feature, string? namespaces, string attribute)
    {
        CSharpParseOptions options = TestCompilation.ParseOptions.WithFeatures(namespaces is null ? [] : [new(feature, namespaces)]);
        SyntaxTree tree = CSharpSyntaxTree.ParseText(TestCompilation.Usings + Sources.Class(attribute), options, "File0.cs");
        CSharpCompilation compilation = TestCompilation.Of().AddSyntaxTrees(tree);
        return [.. (await RuleRun.Diagnostics("NMS012", ImmutableDictionary<string, string>.Empty, compilation)).Select(RuleRun.Describe)];
    }
}
