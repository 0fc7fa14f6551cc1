using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace BiMaskGen.Benchmarks.Compiling;

/// <summary>One stage of the generator, or one rule, and the milliseconds that the compiler counts for it.</summary>
internal sealed record Part(string Name, double Ms);

/// <summary>
/// Where the time goes, as the compiler's own counters have it: stages of the generator, and all rules, also those that only an editor runs. A
/// rule that asks first what all rules need is charged for it.
/// </summary>
internal sealed record Breakdown(IReadOnlyList<Part> Stages, IReadOnlyList<Part> Rules)
{
    private const int Rounds = 5;

    /// <summary>Measures in this process.</summary>
    /// <exception cref="InvalidDataException">A rule threw.</exception>
    internal static Breakdown Run(int modules)
    {
        Project project = new(modules);
        List<Part> stages = [], rules = [];
        for (int round = 0; round < Rounds; round++)
        {
            (GeneratorRunResult run, Compilation output) = Project.Generate(project.Parse());
            stages = Least(stages, run.TrackedSteps
                .Select(static stage => new Part(stage.Key, stage.Value.Sum(static step => step.ElapsedTime.TotalMilliseconds))));
            rules = Least(rules, Project.Analyze(output).Select(static rule => new Part(rule.Key.GetType().Name, rule.Value.ExecutionTime.TotalMilliseconds)));
        }

        return new Breakdown(Ordered(stages), Ordered(rules));
    }

    private static List<Part> Least(List<Part> before, IEnumerable<Part> now) =>
        [.. before.Concat(now).GroupBy(static part => part.Name).Select(static parts => new Part(parts.Key, parts.Min(static part => part.Ms)))];

    private static Part[] Ordered(List<Part> parts) => [.. parts.OrderByDescending(static part => part.Ms)];
}
