namespace BiMaskGen.Benchmarks.Compiling;

/// <summary>What compiling the same project takes, in ways that each add one thing to the one before.</summary>
/// <param name="Plain">The attributes mean nothing.</param>
/// <param name="Emitted">With what the generator emits, as ordinary sources.</param>
/// <param name="Generator">With the generator instead, which emits it.</param>
/// <param name="Silent">With an analyzer that looks at nothing too.</param>
/// <param name="All">With ours instead of that one.</param>
/// <param name="UsualEmitted">As <paramref name="Emitted"/>, with the analyzers and generators that the SDK gives every project.</param>
/// <param name="UsualAll">As <paramref name="All"/>, with those of the SDK: what a user's build compiles.</param>
internal sealed record CompilerTimes(Cost Plain, Cost Emitted, Cost Generator, Cost Silent, Cost All, Cost UsualEmitted, Cost UsualAll)
{
    /// <summary>The generator's work: the emitted code is compiled with and without it.</summary>
    internal Cost GeneratorAlone => Generator - Emitted;

    /// <summary>What any analyzer costs; a project with those of the SDK, which are on by default, has paid it.</summary>
    internal Cost AnyAnalyzer => Silent - Generator;

    internal Cost AnalyzersAlone => All - Silent;

    /// <summary>Compiling what was emitted, which somebody would have to write by hand otherwise.</summary>
    internal Cost EmittedAlone => Emitted - Plain;

    /// <summary>The share of generator and analyzers in a user's compilation, which has the SDK's analyzers already; the worse of clock and CPU time.</summary>
    internal double Share => Math.Max((UsualAll.Ms - UsualEmitted.Ms) / UsualAll.Ms, (UsualAll.CpuMs - UsualEmitted.CpuMs) / UsualAll.CpuMs);

    /// <summary>The same in a compilation that has no other analyzer, where ours pay for what any analyzer costs.</summary>
    internal double ShareAlone => Math.Max((All.Ms - Emitted.Ms) / All.Ms, (All.CpuMs - Emitted.CpuMs) / All.CpuMs);

    internal static CompilerTimes Median(IReadOnlyList<CompilerTimes> rounds) => new(
        Cost.Median(rounds.Select(round => round.Plain)),
        Cost.Median(rounds.Select(round => round.Emitted)),
        Cost.Median(rounds.Select(round => round.Generator)),
        Cost.Median(rounds.Select(round => round.Silent)),
        Cost.Median(rounds.Select(round => round.All)),
        Cost.Median(rounds.Select(round => round.UsualEmitted)),
        Cost.Median(rounds.Select(round => round.UsualAll)));
}
