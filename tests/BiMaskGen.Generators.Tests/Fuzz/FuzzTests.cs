using System.Collections.Concurrent;
using BiMaskGen.Generators.Tests.Specimens;
using Xunit.Abstractions;

namespace BiMaskGen.Generators.Tests.Fuzz;

/// <summary>
/// Code is broken most of the time it is being written, in every way. Whatever becomes of a specimen, the generator and the rules do not
/// throw, what is emitted parses, and what compiles without the generator compiles with it.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    /// <summary>BIMASK_FUZZ_MUTANTS asks for more than a build should wait for, BIMASK_FUZZ_SEED for others.</summary>
    private static readonly int s_mutants = Setting("BIMASK_FUZZ_MUTANTS", 2100), s_seed = Setting("BIMASK_FUZZ_SEED", 0);

    [Fact]
    public void NothingThrows()
    {
        ConcurrentBag<MutantOutcome> outcomes = [];
        int each = (s_mutants + Specimen.All.Count - 1) / Specimen.All.Count;
        Parallel.ForEach(
            Partitioner.Create(Specimen.All.Values, EnumerablePartitionerOptions.NoBuffering),
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
            specimen =>
            {
                Nursery nursery = new(specimen);
                for (int i = 0; i < each; i++)
                {
                    outcomes.Add(nursery.Raise((s_seed * 1_000_003) + i));
                }
            });

        MutantOutcome[] all = [.. outcomes];
        int emitted = all.Count(outcome => outcome.IsEmitted), compiled = all.Count(outcome => outcome.IsSound);
        output.WriteLine($"{all.Length} mutants: {emitted} reach emission, {compiled} compile.");
        string[] failures = [.. all.Select(outcome => outcome.Failure).OfType<string>().Order(StringComparer.Ordinal)];
        Assert.True(failures.Length == 0, $"{failures.Length} mutants failed:\n{string.Join("\n\n", failures.Take(5))}");
        Assert.InRange(all.Length, 2000, int.MaxValue);
        Assert.InRange(emitted, all.Length / 2, all.Length);

        // Otherwise that what compiles still does would be said of too few.
        Assert.InRange(compiled, all.Length / 8, all.Length);
    }

    [Fact]
    public void SameSeedSameMutant()
    {
        Specimen specimen = Specimen.All["Mlp"];
        string[] mutants = [.. Enumerable.Range(0, 50).Select(seed => Mutator.Mutate(specimen, specimen.Sources[0], new Random(seed)))];
        Assert.Equal(mutants, Enumerable.Range(0, 50).Select(seed => Mutator.Mutate(specimen, specimen.Sources[0], new Random(seed))));
        Assert.InRange(mutants.Distinct().Count(), 40, 50);
        Assert.DoesNotContain(specimen.Sources[0].ToString(), mutants);
    }

    private static int Setting(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value
            ? int.Parse(value, System.Globalization.CultureInfo.InvariantCulture)
            : otherwise;
}
