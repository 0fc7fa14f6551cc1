namespace BiMaskGen.Benchmarks.Compiling;

/// <summary>What a part of a compilation takes.</summary>
/// <param name="Ms">Milliseconds by the clock.</param>
/// <param name="CpuMs">Milliseconds of all threads: what others do on the machine shows less in it.</param>
internal readonly record struct Cost(double Ms, double CpuMs)
{
    public static Cost operator +(Cost left, Cost right) => new(left.Ms + right.Ms, left.CpuMs + right.CpuMs);

    public static Cost operator -(Cost left, Cost right) => new(left.Ms - right.Ms, left.CpuMs - right.CpuMs);

    internal static Cost Median(IEnumerable<Cost> costs)
    {
        Cost[] all = [.. costs];
        return new(Middle(all.Select(cost => cost.Ms)), Middle(all.Select(cost => cost.CpuMs)));
    }

    private static double Middle(IEnumerable<double> values)
    {
        double[] ordered = [.. values.Order()];
        return ordered[ordered.Length / 2];
    }
}
