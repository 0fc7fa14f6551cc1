using BiMaskGen.Benchmarks.Reports;

namespace BiMaskGen.Benchmarks.Compiling;

/// <summary>Prints what the generator and the analyzers cost a compilation.</summary>
internal static class CostReport
{
    /// <summary>Of the whole compilation's time.</summary>
    private const double Target = 0.10;

    internal static int Run(int modules, int rounds, string? json)
    {
        if (json is not null)
        {
            ResultFile.CheckPath(json);
        }

        using SdkCompiler compiler = new();
        using ProjectFolder project = new(modules, compiler.SdkFolder);
        CompileCost cost = new(compiler, project);
        CompilerTimes warm = cost.Warm(rounds);
        (long sources, long emitted) = project.Characters;
        Line($"{modules} modules of {ModuleSources.Layers} layers, {sources / 1000} KB of source and {emitted / 1000} KB emitted, compiled by SDK {compiler.Version}.");
        Line($"\"generator\" is what it adds to a compilation that already has the emitted files as ordinary sources;");
        Line($"compiling those is listed apart, because it is the compiler's work.");
        Line($"\"any analyzer\" is what one that looks at nothing costs; \"analyzers\" is what ours cost beyond that, as far as a build runs them.");
        Print("in a warm compiler server", rounds, warm);
        int coldRounds = Math.Max(1, (rounds + 2) / 3);
        CompilerTimes cold = cost.Cold(coldRounds);
        Print("in a new process", coldRounds, cold);
        Line($"");
        Line($"Generator and analyzers are {warm.Share:p1} of a user's compilation, which has the SDK's analyzers, in a warm server, the worse of clock and CPU time. Target {Target:p0}: {(warm.Share <= Target ? "met" : "missed")}.");
        Line($"Of a compilation that has no other analyzer, and with what any analyzer costs, they are {warm.ShareAlone:p1}.");

        Breakdown breakdown = Breakdown.Run(modules);
        Print("Stages of the generator", breakdown.Stages);
        Print("Rules, also those that only an editor runs (the first that needs a class reads it for all)", breakdown.Rules);
        if (json is not null)
        {
            ResultFile.Write(json, new { modules, warm, cold, breakdown });
        }

        return 0;
    }

    private static void Print(string how, int rounds, CompilerTimes times)
    {
        Line($"");
        Line($"{how + ", medians of " + rounds,-46}{"ms",9}{"share",9}{"CPU ms",10}{"share",9}");
        Row("the project alone", times.Plain, times.All);
        Row("compiling what is emitted", times.EmittedAlone, times.All);
        Row("generator", times.GeneratorAlone, times.All);
        Row("any analyzer", times.AnyAnalyzer, times.All);
        Row("analyzers", times.AnalyzersAlone, times.All);
        Row("compilation with all", times.All, times.All);
        Row("generator, any analyzer and analyzers", times.All - times.Emitted, times.All);
        Row("compilation with all and the SDK's analyzers", times.UsualAll, times.UsualAll);
        Row("generator and analyzers beside the SDK's", times.UsualAll - times.UsualEmitted, times.UsualAll);
    }

    private static void Print(string what, IReadOnlyList<Part> parts)
    {
        Line($"");
        Line($"{what}, ms by the compiler's counters, least of several runs:");
        foreach (Part part in parts.Where(static part => part.Ms >= 0.5))
        {
            Line($"  {part.Name,-52}{part.Ms,9:f1}");
        }
    }

    private static void Row(string what, Cost cost, Cost all) =>
        Line($"  {what,-44}{cost.Ms,9:f0}{cost.Ms / all.Ms,9:p1}{cost.CpuMs,10:f0}{cost.CpuMs / all.CpuMs,9:p1}");

    private static void Line(FormattableString text) => Console.Out.WriteLine(FormattableString.Invariant(text));
}
