using BiMaskGen.Kernels;

namespace BiMaskGen.Benchmarks.Dispatching;

/// <summary>A layer and a batch for which the runtime has to choose kernels.</summary>
internal sealed record LayerShape(string Pattern, int Out, int In, int Rows)
{
    /// <summary>Small and large, square and not, single rows to large batches: some are for sparse kernels, some are not.</summary>
    internal static IReadOnlyList<LayerShape> All { get; } =
    [
        new("2:4", 64, 64, 64), new("2:4", 128, 128, 256), new("2:4", 256, 64, 2048), new("2:4", 256, 256, 16),
        new("2:4", 512, 512, 64), new("2:4", 1024, 256, 512), new("2:4", 256, 1024, 512), new("2:4", 1024, 1024, 8),
        new("2:4", 2048, 512, 128), new("2:4", 1152, 384, 2048), new("4:8", 512, 512, 256), new("4:8", 128, 512, 32),
        new("1:4", 64, 256, 128), new("1:4", 512, 512, 512), new("1:4", 1024, 512, 24), new("2:8", 384, 1536, 256),
        new("1:8", 256, 256, 40), new("1:16", 128, 128, 1), new("1:16", 512, 1024, 100), new("2:8", 96, 96, 1000),
    ];

    public override string ToString() => $"{Pattern} {Out}x{In}, batch {Rows}";
}

/// <summary>The kernels of one shape.</summary>
internal sealed record LayerChoice(LayerShape Shape, KernelKind Forward, KernelKind Backward);
