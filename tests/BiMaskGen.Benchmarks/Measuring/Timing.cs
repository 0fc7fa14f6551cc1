namespace BiMaskGen.Benchmarks.Measuring;

/// <summary>The times of one contender, one per round.</summary>
/// <param name="Contender">The contender.</param>
/// <param name="Rounds">Milliseconds of a call, the mean of the round's calls.</param>
internal sealed record Timing(Contender Contender, double[] Rounds)
{
    /// <summary>Milliseconds of a call, the median of the rounds.</summary>
    internal double Median => MedianOf(Rounds);

    /// <summary>How many times the other contender is as slow: the median of the ratios within each round.</summary>
    internal double Advantage(Timing other) => MedianOf([.. Rounds.Zip(other.Rounds, (own, others) => others / own)]);

    private static double MedianOf(double[] values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
