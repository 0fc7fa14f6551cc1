using System.Collections.Immutable;
using BiMaskGen.Generators.Tests.Harness;
using BiMaskGen.Generators.Tests.Specimens;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace BiMaskGen.Generators.Tests.Fuzz;

/// <summary>What became of a mutant.</summary>
/// <param name="IsEmitted">Whether the generator emitted a model for it.</param>
/// <param name="IsSound">Whether it compiles without the generator.</param>
/// <param name="Failure">What must not have happened, with the mutant's text; null where nothing did.</param>
internal sealed record MutantOutcome(bool IsEmitted, bool IsSound, string? Failure);

/// <summary>
/// Raises mutants of one specimen: edits of its compilation, for which the driver that has seen the specimen runs again. So references
/// are read and the fixed files parsed once, and stale results of the pipeline would show.
/// </summary>
internal sealed class Nursery
{
    private readonly Specimen _specimen;
    private readonly CSharpCompilation _original;
    private readonly GeneratorDriver _driver;

    public Nursery(Specimen specimen)
    {
        _specimen = specimen;
        _original = specimen.Compile();
        _driver = CSharpGeneratorDriver
            .Create([new BiMaskGenerator().AsSourceGenerator()], parseOptions: (CSharpParseOptions)specimen.Sources[0].Options)
            .RunGenerators(_original);
    }

    public MutantOutcome Raise(int seed)
    {
        Random random = new(unchecked((seed * 397) ^ Hash(_specimen.Name)));
        SyntaxTree file = random.Pick(_specimen.Sources);
        string text = Mutator.Mutate(_specimen, file, random);
        SyntaxTree mutated = _specimen.Parse(text, file.FilePath);
        CSharpCompilation mutant = _original.ReplaceSyntaxTree(file, mutated);
        bool isSound = !mutant.GetDiagnostics().Any(IsError);
        GeneratorDriverRunResult result = _driver
            .RunGeneratorsAndUpdateCompilation(mutant, out Compilation output, out ImmutableArray<Diagnostic> reported).GetRunResult();
        IEnumerable<string> problems = reported.Select(diagnostic => diagnostic.ToString())
            .Concat(result.Results.Select(one => one.Exception?.ToString()).OfType<string>())
            .Concat(result.GeneratedTrees.SelectMany(tree => tree.GetDiagnostics()).Where(IsError).Select(problem => problem.ToString()))
            .Concat(Thrown(mutant, output));
        if (isSound)
        {
            problems = problems.Concat(Added(mutant, output));
        }

        string[] found = [.. problems.Take(3)];
        bool isEmitted = result.GeneratedTrees.Any(tree => !IsFixed(tree));
        return new MutantOutcome(isEmitted, isSound, found.Length == 0 ? null : $"{_specimen.Name}, seed {seed}:\n{string.Join('\n', found)}\n{text}");
    }

    /// <summary>
    /// What rules throw comes as a diagnostic. The fixed files are left out: rules look at the user's files alone, and
    /// what those say of symbols is in the emitted parts of the models.
    /// </summary>
    private IEnumerable<string> Thrown(CSharpCompilation mutant, Compilation output)
    {
        output = output.RemoveSyntaxTrees(output.SyntaxTrees.Where(IsFixed));
        CompilationWithAnalyzers analysis = output.WithAnalyzers(AnalyzerRun.Rules);
        return mutant.SyntaxTrees.Take(_specimen.Sources.Count)
            .SelectMany(tree => analysis.GetAnalyzerSemanticDiagnosticsAsync(output.GetSemanticModel(tree), null, default).GetAwaiter().GetResult())
            .Where(diagnostic => diagnostic.Id == "AD0001").Select(diagnostic => diagnostic.GetMessage(null));
    }

    /// <summary>What the emitted code adds to what the compiler says: it must add no error, and no warning about itself.</summary>
    private static IEnumerable<string> Added(CSharpCompilation mutant, Compilation output) => output.Emit(Stream.Null).Diagnostics
        .Where(diagnostic => IsError(diagnostic) || (diagnostic.Severity == DiagnosticSeverity.Warning && IsEmitted(diagnostic, mutant)))
        .Select(diagnostic => diagnostic.ToString());

    private static bool IsEmitted(Diagnostic diagnostic, CSharpCompilation mutant) =>
        diagnostic.Location.SourceTree is { } tree && !mutant.ContainsSyntaxTree(tree);

    private static bool IsFixed(SyntaxTree tree) => Glue.HintNames.Contains(Path.GetFileName(tree.FilePath));

    private static bool IsError(Diagnostic diagnostic) => diagnostic.Severity == DiagnosticSeverity.Error;

    // string.GetHashCode differs from run to run.
    private static int Hash(string text) => text.Aggregate(17, (hash, c) => unchecked((hash * 31) + c));
}
