namespace BiMaskGen.Benchmarks.Compiling;

/// <summary>Milliseconds of one round, or their medians.</summary>
internal sealed record CompileTimes
{
    /// <summary>Parsing, binding and emitting the project as if our attributes meant nothing.</summary>
    public required Cost Without { get; init; }

    /// <summary>The generator's run.</summary>
    public required Cost Generator { get; init; }

    /// <summary>An analysis with our rules, less one with a rule that looks at nothing.</summary>
    public required Cost Analyzers { get; init; }

    /// <summary>Parsing, generating, analyzing, and binding and emitting the project with what was generated.</summary>
    public required Cost With { get; init; }

    internal Cost Own => Generator + Analyzers;

    /// <summary>What the compiler has to do more because of what was emitted.</summary>
    internal Cost Emitted => With - Without - Own;

    internal static CompileTimes Median(IReadOnlyList<CompileTimes> rounds) => new()
    {
        Without = Of(rounds, times => times.Without),
        Generator = Of(rounds, times => times.Generator),
        Analyzers = Of(rounds, times => times.Analyzers),
        With = Of(rounds, times => times.With),
    };

    private static Cost Of(IReadOnlyList<CompileTimes> rounds, Func<CompileTimes, Cost> part) =>
        new(Middle(rounds.Select(times => part(times).Ms)), Middle(rounds.Select(times => part(times).CpuMs)));

    private static double Middle(IEnumerable<double> values)
    {
        double[] ordered = [.. values.Order()];
        return ordered[ordered.Length / 2];
    }
}

/// <summary>What a part of a compilation takes.</summary>
/// <param name="Ms">Milliseconds by the clock.</param>
/// <param name="CpuMs">Milliseconds of all threads of the process: what others do on the machine does not show in it.</param>
internal readonly record struct Cost(double Ms, double CpuMs)
{
    public static Cost operator +(Cost left, Cost right) => new(left.Ms + right.Ms, left.CpuMs + right.CpuMs);

    public static Cost operator -(Cost left, Cost right) => new(left.Ms - right.Ms, left.CpuMs - right.CpuMs);
}
