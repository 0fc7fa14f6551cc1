namespace BiMaskGen.Runtime.Tests.Sampling;

/// <summary>The sample of one group as its definition says, in double precision: all ordered draws with their probabilities.</summary>
internal static class SampleReference
{
    /// <summary>Every outcome of drawing two: which is first, which second, how probable.</summary>
    public static IEnumerable<(int First, int Second, double Probability)> Draws(double[] group)
    {
        double sum = group.Sum(Math.Abs);
        for (int i = 0; i < group.Length; i++)
        {
            for (int j = 0; j < group.Length; j++)
            {
                if (i != j && group[i] != 0 && group[j] != 0)
                {
                    yield return (i, j, Math.Abs(group[i]) / sum * Math.Abs(group[j]) / OfOthers(group, i));
                }
            }
        }
    }

    /// <summary>p_i = |a_i|/S + Σ_{k ≠ i} (|a_k|/S) |a_i|/(S − |a_k|).</summary>
    public static double Inclusion(double[] group, int i)
    {
        double sum = group.Sum(Math.Abs), p = Math.Abs(group[i]) / sum;
        for (int k = 0; k < group.Length; k++)
        {
            if (k != i && group[i] != 0)
            {
                p += Math.Abs(group[k]) / sum * Math.Abs(group[i]) / OfOthers(group, k);
            }
        }

        return p;
    }

    /// <summary>What a number in [0, 1) takes from the magnitudes; −1 where it lies too near to a border for float arithmetic.</summary>
    public static int Pick(double[] magnitudes, double uniform)
    {
        double at = uniform * magnitudes.Sum(), upTo = 0;
        for (int i = 0; i < magnitudes.Length; i++)
        {
            upTo += magnitudes[i];
            if (Math.Abs(at - upTo) < 1e-6 * magnitudes.Sum())
            {
                return -1;
            }

            if (at < upTo)
            {
                return i;
            }
        }

        return -1;
    }

    // Added up, for the difference of nearly equal sums has no digits left.
    private static double OfOthers(double[] group, int k) => group.Where((_, i) => i != k).Sum(Math.Abs);
}
