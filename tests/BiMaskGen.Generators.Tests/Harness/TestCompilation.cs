using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace BiMaskGen.Generators.Tests.Harness;

/// <summary>A user's project: some source files that see torch and the runtime.</summary>
internal static class TestCompilation
{
    /// <summary>What every test source would otherwise repeat.</summary>
    public const string Usings = """
        using System;
        using System.Collections.Generic;
        using System.Linq;
        using System.Linq.Expressions;
        using BiMaskGen;
        using TorchSharp;
        using TorchSharp.Modules;
        using static TorchSharp.torch;
        using static TorchSharp.torch.nn;
        using static TorchSharp.torch.nn.functional;

        """;

    public static readonly CSharpParseOptions ParseOptions = new CSharpParseOptions(LanguageVersion.CSharp13)
        .WithFeatures([new("InterceptorsNamespaces", "BiMaskGen.Generated")]);

    /// <summary>Files with the usings before them, named File0.cs and so on.</summary>
    public static CSharpCompilation Of(params string[] sources) => WithReferences(References.All, sources);

    public static CSharpCompilation WithReferences(IEnumerable<MetadataReference> references, params string[] sources) => CSharpCompilation.Create(
        "Demo",
        sources.Select((source, i) => Parse(source, $"File{i}.cs")),
        references,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

    public static SyntaxTree Parse(string source, string path) => CSharpSyntaxTree.ParseText(Usings + source, ParseOptions, path);

    /// <summary>The compilation with one file's text replaced, as an edit in an editor does it.</summary>
    public static CSharpCompilation Edit(this CSharpCompilation compilation, int file, string from, string to)
    {
        SyntaxTree old = compilation.SyntaxTrees[file];
        string text = old.ToString();
        Assert.Contains(from, text, StringComparison.Ordinal);
        return compilation.ReplaceSyntaxTree(old, CSharpSyntaxTree.ParseText(text.Replace(from, to, StringComparison.Ordinal), ParseOptions, old.FilePath));
    }
}
