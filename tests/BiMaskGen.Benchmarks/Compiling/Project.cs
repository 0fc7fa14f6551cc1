using System.Collections.Immutable;
using BiMaskGen.Analyzers;
using BiMaskGen.Generators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace BiMaskGen.Benchmarks.Compiling;

/// <summary>A project of annotated modules, and what a compiler does with it, step by step.</summary>
internal sealed class Project(int modules)
{
    private static readonly CSharpParseOptions s_parseOptions = new CSharpParseOptions(LanguageVersion.CSharp13)
        .WithFeatures([new("InterceptorsNamespaces", "BiMaskGen.Generated")]);

    private static readonly MetadataReference[] s_references = [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
        .Split(Path.PathSeparator)
        .Where(path => Path.GetDirectoryName(path) == Path.GetDirectoryName(typeof(object).Assembly.Location))
        .Append(typeof(NMSparseAttribute).Assembly.Location)
        .Append(typeof(TorchSharp.torch).Assembly.Location)
        .Select(path => MetadataReference.CreateFromFile(path))];

    private static readonly ImmutableArray<DiagnosticAnalyzer> s_rules = [.. typeof(AttributeRule).Assembly.GetTypes()
        .Where(type => type is { IsAbstract: false } && type.IsAssignableTo(typeof(DiagnosticAnalyzer)))
        .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!)];

    private readonly SourceText[] _texts = [.. Enumerable.Range(0, modules).Select(i => SourceText.From(ModuleSources.Module(i)))];

    /// <summary>Parses all files anew: a tree that was compiled before keeps what it knows.</summary>
    internal CSharpCompilation Parse()
    {
        SyntaxTree[] trees = new SyntaxTree[_texts.Length];
        Parallel.For(0, trees.Length, i => trees[i] = CSharpSyntaxTree.ParseText(_texts[i], s_parseOptions, $"Module{i}.cs"));
        return CSharpCompilation.Create(
            "Project",
            trees,
            s_references,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                nullableContextOptions: NullableContextOptions.Enable,
                optimizationLevel: OptimizationLevel.Release));
    }

    /// <summary>Runs the generator and adds what it emits.</summary>
    internal static Compilation Generate(CSharpCompilation compilation)
    {
        CSharpGeneratorDriver.Create([new BiMaskGenerator().AsSourceGenerator()], parseOptions: s_parseOptions)
            .RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out _);
        return output;
    }

    /// <summary>Binds and emits.</summary>
    /// <exception cref="InvalidDataException">It does not compile.</exception>
    internal static void Emit(Compilation compilation)
    {
        using MemoryStream image = new();
        if (compilation.Emit(image) is { Success: false } result)
        {
            throw new InvalidDataException($"The modules do not compile: {result.Diagnostics.First(d => d.Severity == DiagnosticSeverity.Error)}");
        }
    }

    /// <summary>Analyzes with our rules, or with one that looks at nothing: what is left is the cost of having an analyzer at all.</summary>
    /// <exception cref="InvalidDataException">A rule threw.</exception>
    internal static int Analyze(Compilation compilation, bool ours)
    {
        ImmutableArray<Diagnostic> said = compilation.WithAnalyzers(ours ? s_rules : [new Silent()])
            .GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult();
        return said.FirstOrDefault(diagnostic => diagnostic.Id == "AD0001") is { } thrown
            ? throw new InvalidDataException(thrown.ToString())
            : said.Length;
    }

#pragma warning disable RS1036, RS1038, RS1041 // It is part of no package, and no compiler loads it.
    [DiagnosticAnalyzer(LanguageNames.CSharp)]
    private sealed class Silent : DiagnosticAnalyzer
    {
        public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
            [new("SILENT", "Nothing", "Nothing", "None", DiagnosticSeverity.Warning, isEnabledByDefault: true)];

        public override void Initialize(AnalysisContext context)
        {
            context.EnableConcurrentExecution();
            context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        }
    }
#pragma warning restore RS1036, RS1038, RS1041
}
