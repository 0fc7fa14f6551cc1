using BiMaskGen.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.Generators.Tests.Specimens;

/// <summary>Models as TorchSharp's users write them: each gets exactly the diagnostics and redirections that its comments announce.</summary>
public sealed class ZooTests
{
    public static TheoryData<string> Names => [.. Specimen.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void CompilesByItself(string name) =>
        Assert.Empty(Specimen.All[name].Compile().Emit(Stream.Null).Diagnostics
            .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning && !IsOfThePartialClass(diagnostic)));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task GetsWhatItAnnounces(string name)
    {
        Specimen specimen = Specimen.All[name];
        GeneratorRun run = GeneratorRun.Unchecked(specimen.Compile());
        run.AssertSecondRunIsCached();
        List<Diagnostic> unannounced = [.. await SpecimenRun.Diagnostics(specimen, run.Output)];
        List<Expectation> missing = [];
        foreach (Expectation expectation in specimen.Expected)
        {
            if (unannounced.FindIndex(expectation.IsMetBy) is >= 0 and int met)
            {
                unannounced.RemoveAt(met);
            }
            else
            {
                missing.Add(expectation);
            }
        }

        string[] differences = [.. missing.Select(e => "missing " + e), .. unannounced.Select(d => "unannounced " + Expectation.Describe(d))];
        Assert.True(differences.Length == 0, string.Join('\n', differences));
        Assert.Equal(specimen.Emitted.Order(StringComparer.Ordinal), run.FirstLines().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void HasAtLeastFiftySpecimens() => Assert.InRange(Specimen.All.Count, 50, int.MaxValue);

    /// <summary>Every rule is announced by some specimen, and at least once with its message.</summary>
    [Fact]
    public void EveryRuleIsAnnounced()
    {
        ILookup<string, Expectation> announced = Specimen.All.Values.SelectMany(specimen => specimen.Expected).ToLookup(e => e.Id);
        IEnumerable<string> ids = AnalyzerRun.Rules.SelectMany(rule => rule.SupportedDiagnostics).Select(rule => rule.Id).Distinct();
        Assert.All(ids, id => Assert.Contains(announced[id], expectation => expectation.Message is not null));
    }

    // What the emitted part adds a specimen may use; without the generator it is missing.
    private static bool IsOfThePartialClass(Diagnostic diagnostic) =>
        diagnostic.Id is "CS1061" or "CS1929" && diagnostic.ToString().Contains("GetSparsityReport", StringComparison.Ordinal);
}
