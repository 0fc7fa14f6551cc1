using System.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace BiMaskGen.Benchmarks.Compiling;

/// <summary>Times, in turns and in one process, the compilation of a project without our generator and analyzers, and their work.</summary>
internal sealed class CompileCost(int modules, int rounds)
{
    /// <summary>Until the compiler itself is compiled and its caches are filled.</summary>
    private const int WarmUp = 3;

    private readonly Project _project = new(modules);
    private readonly List<CompileTimes> _times = [];

    /// <summary>Measures.</summary>
    /// <exception cref="InvalidDataException">The project does not compile, or a rule threw.</exception>
    internal CompileTimes Run()
    {
        for (int round = -WarmUp; round < rounds; round++)
        {
            CompileTimes times = Round();
            if (round >= 0)
            {
                _times.Add(times);
            }
        }

        return CompileTimes.Median(_times);
    }

    private CompileTimes Round()
    {
        Cost without = Measure(() => Project.Emit(_project.Parse()));

        CSharpCompilation? parsed = null;
        Compilation? output = null;
        Cost parse = Measure(() => parsed = _project.Parse());
        Cost generator = Measure(() => output = Project.Generate(parsed!));

        // Each has a compilation of its own: else it would find bound what the one before it has bound.
        Cost emit = Measure(() => Project.Emit(output!.Clone()));
        Cost silent = Measure(() => Project.Analyze(output!.Clone(), ours: false));
        Cost analyzers = Measure(() => Project.Analyze(output!.Clone(), ours: true)) - silent;
        return new CompileTimes
        {
            Without = without,
            Generator = generator,
            Analyzers = analyzers,
            With = parse + generator + analyzers + emit,
        };
    }

    private static Cost Measure(Action action)
    {
        GC.Collect();
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        action();
        return new Cost(Stopwatch.GetElapsedTime(start).TotalMilliseconds, (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds);
    }
}
