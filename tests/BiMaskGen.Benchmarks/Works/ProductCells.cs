namespace BiMaskGen.Benchmarks.Works;

/// <summary>The patterns, batches and sizes of a table of products, and the ratio that each has to reach.</summary>
/// <param name="Patterns">N:M.</param>
/// <param name="Batches">Batch rows.</param>
/// <param name="Sizes">in_features and out_features.</param>
/// <param name="IsMemoryBound">Whether the weights' way from memory is what bounds it.</param>
/// <param name="Target">The ratio that a row has to reach.</param>
internal sealed record ProductCells(
    IReadOnlyList<string> Patterns, IReadOnlyList<int> Batches, IReadOnlyList<int> Sizes, bool IsMemoryBound, Func<RowSpec, double?> Target)
{
    internal static ProductCells Large { get; } = new(
        ["2:4", "1:4", "2:8", "4:8", "1:8", "1:16"], [256, 1024], [512, 1024, 2048, 4096], IsMemoryBound: false,
        row => row.Pattern switch
        {
            "2:4" => 1.7,
            "1:4" or "2:8" => 3.4,
            "4:8" => 1.6,
            "1:8" => 5.5,
            "1:16" => Math.Min(row.In, row.Out) >= 1024 ? 9 : 7,
            _ => null,
        });

    internal static ProductCells Small { get; } = new(
        ["2:4"], [2, 4, 8, 16, 32], [2048, 4096], IsMemoryBound: true, row => row.Rows <= 8 ? 1.7 : 2.2);
}
