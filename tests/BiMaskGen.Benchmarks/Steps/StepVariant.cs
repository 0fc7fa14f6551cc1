using BiMaskGen.Training;

namespace BiMaskGen.Benchmarks.Steps;

/// <summary>A way to train the block. Another one is another entry of <see cref="All"/>.</summary>
/// <param name="Name">The pattern of its row, N:M first.</param>
/// <param name="Options">The options of both layers.</param>
/// <param name="Target">The ratio that it has to reach.</param>
internal sealed record StepVariant(string Name, SparseLayerOptions Options, double Target)
{
    internal static IReadOnlyList<StepVariant> All { get; } =
    [
        new("2:4", BiMask(2, 4), 1.3),
        new("2:8", BiMask(2, 8), 1.75),
        new("2:4 + Mvue", BiMask(2, 4) with { Mvue = true }, 1.5),
    ];

    internal static StepVariant Named(string name) => All.Single(variant => variant.Name == name);

    private static SparseLayerOptions BiMask(int n, int m) => new() { Name = "Benchmark.fc", Pattern = new NMPattern(n, m) };
}
