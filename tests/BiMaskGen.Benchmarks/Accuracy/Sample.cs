namespace BiMaskGen.Benchmarks.Accuracy;

/// <summary>Figures of several seeds.</summary>
/// <param name="Mean">Their mean.</param>
/// <param name="Deviation">The sample's standard deviation; 0 for one seed.</param>
/// <param name="Count">How many.</param>
internal readonly record struct Sample(double Mean, double Deviation, int Count)
{
    /// <summary>The standard error of the mean.</summary>
    internal double Error => Deviation / Math.Sqrt(Count);

    internal static Sample Of(IReadOnlyCollection<double> values)
    {
        double mean = values.Average();
        double deviation = values.Count < 2 ? 0 : Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1));
        return new Sample(mean, deviation, values.Count);
    }

    /// <summary>The differences of runs that share a seed, and with it the first weights and the batches; null if none do.</summary>
    internal static Sample? OfDifferences(IEnumerable<RunRecord> runs, IEnumerable<RunRecord> from)
    {
        Dictionary<int, double> other = from.ToDictionary(r => r.Key.Seed, r => r.Score);
        double[] differences = [.. runs.Where(r => other.ContainsKey(r.Key.Seed)).Select(r => r.Score - other[r.Key.Seed])];
        return differences.Length > 0 ? Of(differences) : null;
    }
}
