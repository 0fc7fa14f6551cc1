using BiMaskGen.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace BiMaskGen.Generators.Tests.Specimens;

/// <summary>An assembly with those of TorchSharp's modules that specimens mention and the stand-in lacks.</summary>
internal static class MissingModules
{
    public static MetadataReference Reference { get; } = Compile();

    private static MetadataReference Compile()
    {
        string path = Path.Combine(Folders.Project, "Zoo", "Support", "MissingModules.cs");
        CSharpCompilation compilation = CSharpCompilation.Create(
            "MissingModules",
            [CSharpSyntaxTree.ParseText(File.ReadAllText(path), TestCompilation.ParseOptions)],
            References.All,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        using MemoryStream image = new();
        Assert.Empty(compilation.Emit(image).Diagnostics.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning));
        return MetadataReference.CreateFromImage(image.ToArray());
    }
}
