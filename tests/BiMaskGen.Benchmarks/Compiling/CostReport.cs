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

        CompileTimes times = new CompileCost(modules, rounds).Run();
        double share = times.Own.Ms / times.With.Ms;
        Line($"{modules} modules of {ModuleSources.Layers} layers, medians of {rounds} rounds:");
        Line($"  {"",-28}{"ms",10}{"CPU ms",10}");
        Row("compilation without", times.Without);
        Row("generator", times.Generator);
        Row("analyzers", times.Analyzers);
        Row("compiling what was emitted", times.Emitted);
        Row("compilation with", times.With);
        Line($"Generator and analyzers are {share:p1} of the compilation (CPU {times.Own.CpuMs / times.With.CpuMs:p1}).");
        Line($"Target {Target:p0}: {(share <= Target ? "met" : "missed")}.");
        if (json is not null)
        {
            ResultFile.Write(json, times);
        }

        return 0;
    }

    private static void Row(string what, Cost cost) => Line($"  {what,-28}{cost.Ms,10:f1}{cost.CpuMs,10:f1}");

    private static void Line(FormattableString text) => Console.Out.WriteLine(FormattableString.Invariant(text));
}
