using BiMaskGen.Runtime.Tests.Support;

namespace BiMaskGen.Benchmarks.Sparsifying;

/// <summary>A row of the table.</summary>
/// <param name="Weights">normal or uniform.</param>
/// <param name="Rows">Filters, out_features.</param>
/// <param name="Columns">Channels, in_features.</param>
/// <param name="N">N of N:M.</param>
/// <param name="M">M of N:M.</param>
/// <param name="Matrices">Matrices to search.</param>
/// <param name="Efficacy">The least mean efficacy; null where nothing is asked.</param>
/// <param name="Milliseconds">The longest mean time; null where nothing is asked.</param>
internal sealed record ChannelRow(
    string Weights, int Rows, int Columns, int N, int M, int Matrices, double? Efficacy = null, double? Milliseconds = null)
{
    internal const string Normal = "normal";
    internal const string Uniform = "uniform";
    internal const string ColumnScales = "column scales";

    internal static IReadOnlyList<ChannelRow> All { get; } =
    [
        new(Normal, 128, 64, 2, 4, 20, 37, 300), new(Uniform, 128, 64, 2, 4, 20, 36.6, 300),
        new(Normal, 128, 64, 1, 4, 20), new(Normal, 128, 64, 2, 8, 20), new(Normal, 128, 64, 4, 8, 20), new(Normal, 128, 64, 1, 16, 20),
        new(Normal, 256, 256, 2, 4, 3), new(Normal, 512, 512, 2, 4, 3), new(Normal, 1024, 1024, 2, 4, 1),
        new(Normal, 3072, 768, 2, 4, 1), new(Normal, 768, 3072, 2, 4, 1), new(Normal, 4096, 4096, 2, 4, 1), new(Normal, 4096, 4096, 1, 16, 1),
        new(ColumnScales, 128, 64, 2, 4, 20), new(ColumnScales, 1024, 1024, 2, 4, 1),
    ];

    internal NMPattern Pattern => new(N, M);

    internal string Label => $"{Weights} {Rows} x {Columns} {N}:{M}";

    internal float[] Weight(int seed) => Weights switch
    {
        Normal => TestWeights.Gaussian(Rows * Columns, seed),
        Uniform => TestWeights.Uniform(Rows * Columns, seed),
        _ => TestWeights.ColumnScales(Rows, Columns, seed),
    };
}
