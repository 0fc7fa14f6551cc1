using BiMaskGen.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace BiMaskGen.Generators.Tests.Incremental;

/// <summary>What an edit makes the generator do again: no more than what the edit is about.</summary>
public sealed class EditTests
{
    private const string Other = "namespace Demo; public static class Other { public static int Value => 1; }";
    private const string Small = """
        namespace Demo;

        [NMSparse(3, 7)]
        public sealed partial class Small() : Module<Tensor, Tensor>("small")
        {
            private readonly Linear fc = Linear(8, 8);

            public override Tensor forward(Tensor x) => fc.call(x);
        }
        """;

    private readonly CSharpCompilation _before = TestCompilation.Of(TestModels.Mlp, Other, Small);

    [Fact]
    public void UnrelatedFileChangesNothing()
    {
        (GeneratorRun run, string[] changed) = Edit(file: 1, "=> 1", "=> 2");
        Assert.Empty(changed);
        run.AssertNothingWasDone();
    }

    [Fact]
    public void SameFileOutsideTheClassChangesOnlyItsInterceptors()
    {
        (GeneratorRun run, string[] changed) = Edit(file: 0, "namespace Demo;", "namespace Demo;\n\n// A remark.");
        Assert.Equal(["Interceptors"], changed);
        AssertCached(run, TrackingNames.Models);
        AssertCached(run, TrackingNames.AllModels);
        AssertCached(run, TrackingNames.Patterns);
        Assert.Equal(1, run.Reasons(TrackingNames.Interceptors).Count(reason => reason == IncrementalStepRunReason.Modified));
    }

    [Fact]
    public void ShapeChangesLayersAndManifest()
    {
        (_, string[] changed) = Edit(file: 0, "Linear(512, 512)", "Linear(512, 256)");
        Assert.Equal(["Demo.Mlp.NMSparse", "Interceptors", "Manifest"], changed);
    }

    /// <summary>What a model reaches lies in other files: an edit there is seen, and emits no more than it changes.</summary>
    [Fact]
    public void ReachedClassInAnotherFile()
    {
        const string block = "namespace Demo; public class Block() : Module<Tensor, Tensor>(\"b\") { private readonly Linear fc = Linear(8, 8); public override Tensor forward(Tensor x) => fc.call(x); }";
        const string model = """
            namespace Demo;

            [NMSparse(2, 4, Reach = SparseReach.Children)]
            public sealed partial class Model() : Module<Tensor, Tensor>("m")
            {
                private readonly Block block = new();

                public override Tensor forward(Tensor x) => block.call(x);
            }
            """;
        CSharpCompilation before = TestCompilation.Of(block, model, Other);
        GeneratorRun first = GeneratorRun.Unchecked(before);
        Assert.Contains("CoveredLayers.Call", first.File("Interceptors.g.cs"), StringComparison.Ordinal);

        GeneratorRun called = first.Then(before.Edit(0, "=> fc.call(x)", "=> fc.call(fc.call(x))"));
        Assert.Equal(["Interceptors.g.cs"], called.ChangedFiles(first));
        GeneratorRun annotated = first.Then(before.Edit(0, "public class Block", "[NMSparse(1, 4)] public partial class Block"));
        Assert.DoesNotContain("CoveredLayers.Call", annotated.File("Interceptors.g.cs"), StringComparison.Ordinal);
        GeneratorRun elsewhere = first.Then(before.Edit(2, "=> 1", "=> 2"));
        Assert.Empty(elsewhere.ChangedFiles(first));
        elsewhere.AssertNothingWasDone();
    }

    [Fact]
    public void CallSiteChangesOnlyInterceptors()
    {
        (GeneratorRun run, string[] changed) = Edit(file: 0, "fc1.call(x)", "fc1.call(fc1.call(x))");
        Assert.Equal(["Interceptors"], changed);
        AssertCached(run, TrackingNames.Models);
        Assert.Contains("fc1_call_None", run.File("Interceptors.g.cs"), StringComparison.Ordinal);
    }

    [Fact]
    public void NewPatternChangesPatterns()
    {
        (_, string[] changed) = Edit(file: 2, "NMSparse(3, 7)", "NMSparse(5, 9)");
        Assert.Equal(["Demo.Small.NMSparse", "Interceptors", "Manifest", "Patterns"], changed);
    }

    /// <summary>A shape is followed into another file, and follows that file's edits.</summary>
    [Fact]
    public void AWidthInAnotherFileChangesTheLayersThatUseIt()
    {
        const string sizes = "namespace Demo; public static class Sizes { public static readonly int Width = 8; }";
        GeneratorRun before = GeneratorRun.Of(Small.Replace("Linear(8, 8)", "Linear(Sizes.Width, 2 * Sizes.Width)", StringComparison.Ordinal), sizes);
        Assert.Contains("InFeatures = 8, OutFeatures = 16", before.File(".NMSparse.g.cs"), StringComparison.Ordinal);
        GeneratorRun after = before.Then(before.Input.Edit(1, "Width = 8", "Width = 12"));
        Assert.Contains("InFeatures = 12, OutFeatures = 24", after.File(".NMSparse.g.cs"), StringComparison.Ordinal);
        Assert.Equal(["Demo.Small.NMSparse", "Manifest"], after.ChangedFiles(before).Select(WithoutHash));
        AssertCached(after, TrackingNames.Interceptors);
    }

    [Fact]
    public void RemovedAttributesLeaveNothing()
    {
        GeneratorRun before = GeneratorRun.Unchecked(TestCompilation.Of(TestModels.Mlp));
        Assert.NotEmpty(before.Result.GeneratedSources);
        GeneratorRun after = before.Then(before.Input.Edit(0, "[NMSparse(2, 4)]", ""));
        Assert.Empty(after.Result.GeneratedSources);
    }

    [Fact]
    public void FilesOfTheSameNameButForCaseDoNotCollide()
    {
        GeneratorRun run = GeneratorRun.Of(TestModels.Mlp, TestModels.Mlp.Replace("Mlp", "MLP", StringComparison.Ordinal));
        string[] names = [.. run.Result.GeneratedSources.Select(source => source.HintName)];
        Assert.Equal(names.Length, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Equal(2, names.Count(name => name.EndsWith(".NMSparse.g.cs", StringComparison.Ordinal)));
    }

    private (GeneratorRun Run, string[] Changed) Edit(int file, string from, string to)
    {
        GeneratorRun before = GeneratorRun.Unchecked(_before);
        GeneratorRun after = before.Then(_before.Edit(file, from, to));
        return (after, [.. after.ChangedFiles(before).Select(WithoutHash)]);
    }

    private static void AssertCached(GeneratorRun run, string stage) =>
        Assert.All(run.Reasons(stage), reason => Assert.True(GeneratorRun.IsCached(reason), $"{stage} is {reason}"));

    // "Demo.Mlp-206C0B1B.NMSparse.g.cs" is "Demo.Mlp.NMSparse" here.
    private static string WithoutHash(string hintName)
    {
        string name = hintName[..^".g.cs".Length];
        int dash = name.IndexOf('-', StringComparison.Ordinal);
        return dash < 0 ? name : name.Remove(dash, 9);
    }
}
