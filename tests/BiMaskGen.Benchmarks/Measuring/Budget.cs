namespace BiMaskGen.Benchmarks.Measuring;

/// <summary>How long a row is measured.</summary>
/// <param name="Total">Milliseconds that each contender runs for at least.</param>
/// <param name="MinRounds">Rounds at least, however long one call is.</param>
/// <param name="MaxWarmUp">Milliseconds after which a warm-up ends although it has not seen all its calls: by then one call is so long
/// that its inner methods were called often enough.</param>
internal sealed record Budget(double Total, int MinRounds, double MaxWarmUp)
{
    /// <summary>Milliseconds that a contender runs before the next one takes its turn, at least.</summary>
    internal const double Burst = 20;

    internal static Budget Full { get; } = new(300, 7, 2000);

    internal static Budget Quick { get; } = new(50, 3, 500);
}
