using BiMaskGen.Benchmarks.Compiling;
using BiMaskGen.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace BiMaskGen.Generators.Tests.Incremental;

/// <summary>What a keystroke does in a project of five hundred models, the one that the verb compile-cost compiles.</summary>
public sealed class KeystrokeTests
{
    private const int Modules = 500;
    private const string Other = "namespace Demo; public static class Other { public static int Value => 1; }";

    private static readonly Lazy<GeneratorRun> s_before = new(() => GeneratorRun.Unchecked(
        TestCompilation.Of([.. Enumerable.Range(0, Modules).Select(ModuleSources.Module), Other])));

    [Fact]
    public void InAnUnrelatedFileDoesNothing()
    {
        GeneratorRun after = After(file: Modules, "=> 1", "=> 12");
        after.AssertNothingWasDone();
        Assert.Equal(Modules, after.Reasons(TrackingNames.Parsed).Length);
        Assert.Equal(Modules, after.Reasons(TrackingNames.Models).Length);
        Assert.Equal(Modules, after.Reasons(TrackingNames.Interceptors).Length);
        Assert.Equal(s_before.Value.Result.GeneratedSources.Length, after.Result.GeneratedSources.Length);
        Assert.All(
            after.Result.GeneratedSources.Zip(s_before.Value.Result.GeneratedSources),
            static pair => Assert.Same(pair.Second.SourceText, pair.First.SourceText));
    }

    [Fact]
    public void InAModelsFileEmitsTheInterceptorsAgainAndNothingElse()
    {
        GeneratorRun after = After(file: 7, "namespace Project", "// A remark.\nnamespace Project");
        Assert.Equal(["Interceptors.g.cs"], after.ChangedFiles(s_before.Value));
        Assert.Equal(1, Modified(after, TrackingNames.Interceptors));
        Assert.Equal(0, Modified(after, TrackingNames.Models));
        Assert.Equal(0, Modified(after, TrackingNames.AllModels));
    }

    [Fact]
    public void InAShapeEmitsItsClassAgain()
    {
        GeneratorRun after = After(file: 4, "Linear(384, 256)", "Linear(384, 128)");
        Assert.Equal(["Interceptors.g.cs", "Manifest.g.cs"], after.ChangedFiles(s_before.Value).Where(static name => !name.Contains('-', StringComparison.Ordinal)));
        Assert.Contains(".Module4-", Assert.Single(after.ChangedFiles(s_before.Value), static name => name.Contains('-', StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal(1, Modified(after, TrackingNames.Models));
    }

    private static GeneratorRun After(int file, string from, string to) =>
        s_before.Value.ThenUnchecked(s_before.Value.Input.Edit(file, from, to));

    private static int Modified(GeneratorRun run, string stage) => run.Reasons(stage).Count(static reason => !GeneratorRun.IsCached(reason));
}
