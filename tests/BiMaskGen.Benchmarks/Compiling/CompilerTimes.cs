namespace BiMaskGen.Benchmarks.Compiling;

/// <summary>What compiling the same project takes, in four ways that each add one thing to the one before.</summary>
/// <param name="Plain">The attributes mean nothing.</param>
/// <param name="Emitted">With what the generator emits, as ordinary sources.</param>
/// <param name="Generator">With the generator instead, which emits it.</param>
/// <param name="All">With the analyzers too.</param>
internal sealed record CompilerTimes(Cost Plain, Cost Emitted, Cost Generator, Cost All)
{
    /// <summary>The generator's work: the emitted code is compiled with and without it.</summary>
    internal Cost GeneratorAlone => Generator - Emitted;

    internal Cost AnalyzersAlone => All - Generator;

    /// <summary>Compiling what was emitted, which somebody would have to write by hand otherwise.</summary>
    internal Cost EmittedAlone => Emitted - Plain;

    /// <summary>The share of generator and analyzers in the whole compilation.</summary>
    internal double Share => (All.Ms - Emitted.Ms) / All.Ms;

    internal double CpuShare => (All.CpuMs - Emitted.CpuMs) / All.CpuMs;

    internal static CompilerTimes Median(IReadOnlyList<CompilerTimes> rounds) => new(
        Cost.Median(rounds.Select(round => round.Plain)),
        Cost.Median(rounds.Select(round => round.Emitted)),
        Cost.Median(rounds.Select(round => round.Generator)),
        Cost.Median(rounds.Select(round => round.All)));
}
