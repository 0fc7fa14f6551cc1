using System.Collections.Immutable;
using BiMaskGen.Analyzers;
using BiMaskGen.Generators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Diagnostics.Telemetry;
using Microsoft.CodeAnalysis.Text;

namespace BiMaskGen.Benchmarks.Compiling;

/// <summary>A project of annotated modules in memory, and what a compiler does with it, step by step.</summary>
internal sealed class Project(int modules)
{
    private static readonly CSharpParseOptions s_parseOptions = new CSharpParseOptions(LanguageVersion.CSharp13)
        .WithFeatures([new("InterceptorsNamespaces", "BiMaskGen.Generated")]);

    private static readonly ImmutableArray<DiagnosticAnalyzer> s_rules = [.. typeof(AttributeRule).Assembly.GetTypes()
        .Where(type => type is { IsAbstract: false } && type.IsAssignableTo(typeof(DiagnosticAnalyzer)))
        .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!)];

    private readonly SourceText[] _texts = [.. Enumerable.Range(0, modules).Select(i => SourceText.From(ModuleSources.Module(i)))];

    /// <summary>The assemblies that the modules see.</summary>
    internal static string[] References { get; } = [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
        .Split(Path.PathSeparator)
        .Where(path => Path.GetDirectoryName(path) == Path.GetDirectoryName(typeof(object).Assembly.Location))
        .Append(typeof(NMSparseAttribute).Assembly.Location)
        .Append(typeof(TorchSharp.torch).Assembly.Location)];

    /// <summary>Parses all files anew: a tree that was compiled before keeps what it knows.</summary>
    internal CSharpCompilation Parse() => CSharpCompilation.Create(
        "Project",
        _texts.Select(static (text, i) => CSharpSyntaxTree.ParseText(text, s_parseOptions, $"Module{i}.cs")),
        References.Select(static path => MetadataReference.CreateFromFile(path)),
        new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            nullableContextOptions: NullableContextOptions.Enable,
            optimizationLevel: OptimizationLevel.Release));

    /// <summary>Runs the generator and adds what it emits.</summary>
    internal static (GeneratorRunResult Run, Compilation Output) Generate(CSharpCompilation compilation)
    {
        GeneratorDriver driver = CSharpGeneratorDriver.Create(
            [new BiMaskGenerator().AsSourceGenerator()],
            parseOptions: s_parseOptions,
            driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
        driver = driver.RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out _);
        return (driver.GetRunResult().Results.Single(), output);
    }

    /// <summary>Analyzes with all rules.</summary>
    /// <exception cref="InvalidDataException">A rule threw.</exception>
    internal static IReadOnlyDictionary<DiagnosticAnalyzer, AnalyzerTelemetryInfo> Analyze(Compilation compilation)
    {
        AnalysisResult result = compilation
            .WithAnalyzers(s_rules, new CompilationWithAnalyzersOptions(
                new AnalyzerOptions([]), onAnalyzerException: null, concurrentAnalysis: false, logAnalyzerExecutionTime: true))
            .GetAnalysisResultAsync(CancellationToken.None).GetAwaiter().GetResult();
        return result.GetAllDiagnostics().FirstOrDefault(static diagnostic => diagnostic.Id == "AD0001") is { } thrown
            ? throw new InvalidDataException(thrown.ToString())
            : result.AnalyzerTelemetryInfo;
    }
}
