using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace BiMaskGen.Generators.Tests.Harness;

/// <summary>One run of the generator over a compilation, and what holds for every run.</summary>
internal sealed class GeneratorRun
{
    private readonly GeneratorDriver _driver;

    private GeneratorRun(GeneratorDriver driver, CSharpCompilation input)
    {
        _driver = driver.RunGeneratorsAndUpdateCompilation(input, out Compilation output, out ImmutableArray<Diagnostic> diagnostics);
        Input = input;
        Output = output;
        Assert.Empty(diagnostics);
        Result = _driver.GetRunResult().Results.Single();
        Assert.Null(Result.Exception);
    }

    public CSharpCompilation Input { get; }

    public Compilation Output { get; }

    public GeneratorRunResult Result { get; }

    /// <summary>The emitted files but for the fixed glue.</summary>
    public IEnumerable<GeneratedSourceResult> Files => Result.GeneratedSources.Where(source => !Glue.HintNames.Contains(source.HintName));

    public string? File(string hintNameEnd) =>
        Result.GeneratedSources.SingleOrDefault(s => s.HintName.EndsWith(hintNameEnd, StringComparison.Ordinal)).SourceText?.ToString();

    /// <summary>Runs, asserts that a second run on a clone recomputes nothing, and that the output compiles without a warning.</summary>
    public static GeneratorRun Of(params string[] sources)
    {
        GeneratorRun run = Unchecked(TestCompilation.Of(sources));
        run.AssertSecondRunIsCached();
        run.AssertCompiles();
        return run;
    }

    public static GeneratorRun Unchecked(CSharpCompilation compilation)
    {
        GeneratorDriverOptions options = new(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true);
        GeneratorDriver driver = CSharpGeneratorDriver.Create(
            [new BiMaskGenerator().AsSourceGenerator()],
            parseOptions: (CSharpParseOptions)compilation.SyntaxTrees[0].Options,
            driverOptions: options);
        return new GeneratorRun(driver, compilation);
    }

    /// <summary>What the interceptors file says of each class, without the slashes: how many of its calls are redirected.</summary>
    public string[] FirstLines() => [.. (File("Interceptors.g.cs") ?? "").Split('\n')
        .Where(line => line.Contains(": redirected ", StringComparison.Ordinal))
        .Select(line => line.TrimStart()[3..])];

    /// <summary>Runs the same driver again on an edited compilation, as an editor does after a keystroke.</summary>
    public GeneratorRun ThenUnchecked(CSharpCompilation edited) => new(_driver, edited);

    /// <summary>Runs the same driver again on an edited compilation, and asserts that the output compiles.</summary>
    public GeneratorRun Then(CSharpCompilation edited)
    {
        GeneratorRun run = ThenUnchecked(edited);
        run.AssertCompiles();
        return run;
    }

    /// <summary>Files whose text this run changed against an earlier one.</summary>
    public string[] ChangedFiles(GeneratorRun earlier) =>
        [.. Result.GeneratedSources
            .Where(source => !earlier.Result.GeneratedSources
                .Any(old => old.HintName == source.HintName && old.SourceText.ContentEquals(source.SourceText)))
            .Select(source => source.HintName)
            .Order(StringComparer.Ordinal)];

    /// <summary>Why the results of a stage are what they are; none where the stage had nothing to do.</summary>
    public IncrementalStepRunReason[] Reasons(string stage) => Result.TrackedSteps.TryGetValue(stage, out var steps)
        ? [.. steps.SelectMany(step => step.Outputs).Select(output => output.Reason)]
        : [];

    /// <summary>Emits, for the compiler checks an interceptor against what it intercepts only when it lowers the call.</summary>
    public void AssertCompiles()
    {
        IEnumerable<string> problems = Output.Emit(Stream.Null).Diagnostics
            .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)
            .Select(diagnostic => diagnostic.ToString());
        Assert.Empty(problems);
    }

    public void AssertSecondRunIsCached() => ThenUnchecked(Input.Clone()).AssertNothingWasDone();

    /// <summary>Asserts that every stage and every output is what the run before left.</summary>
    public void AssertNothingWasDone()
    {
        foreach (string stage in TrackingNames.Cached)
        {
            Assert.All(Reasons(stage), reason => Assert.True(IsCached(reason), $"{stage} is {reason}"));
        }

        Assert.All(
            Result.TrackedOutputSteps.SelectMany(pair => pair.Value).SelectMany(step => step.Outputs),
            output => Assert.True(IsCached(output.Reason), $"an output is {output.Reason}"));
    }

    public static bool IsCached(IncrementalStepRunReason reason) =>
        reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged;
}
