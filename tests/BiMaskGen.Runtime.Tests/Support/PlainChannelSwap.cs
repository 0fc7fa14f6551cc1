using BiMaskGen.Sparsify;

namespace BiMaskGen.Runtime.Tests.Support;

/// <summary>The yardstick of the channel search: swap any two columns of different groups that gain, until no two do.</summary>
internal static class PlainChannelSwap
{
    /// <summary>The local optimum from the channels' own order.</summary>
    public static ChannelOrder Find(float[] weight, int rows, NMPattern pattern)
    {
        int columns = weight.Length / rows;
        int[] order = [.. Enumerable.Range(0, columns)];
        double before = order.Chunk(pattern.M).Sum(group => Kept(weight, rows, pattern, group)), kept = before;
        for (bool found = true; found;)
        {
            found = false;
            for (int i = 0; i < columns; i++)
            {
                for (int j = ((i / pattern.M) + 1) * pattern.M; j < columns; j++)
                {
                    double gain = -Pair(weight, rows, pattern, order, i, j);
                    (order[i], order[j]) = (order[j], order[i]);
                    gain += Pair(weight, rows, pattern, order, i, j);
                    if (gain > 1e-6)
                    {
                        (kept, found) = (kept + gain, true);
                    }
                    else
                    {
                        (order[i], order[j]) = (order[j], order[i]);
                    }
                }
            }
        }

        return new ChannelOrder(order, kept, before);
    }

    private static double Pair(float[] weight, int rows, NMPattern pattern, int[] order, int i, int j) =>
        Kept(weight, rows, pattern, Group(order, i, pattern.M)) + Kept(weight, rows, pattern, Group(order, j, pattern.M));

    private static int[] Group(int[] order, int position, int m) => [.. order.Skip(position / m * m).Take(m)];

    private static double Kept(float[] weight, int rows, NMPattern pattern, int[] group)
    {
        int columns = weight.Length / rows;
        Span<float> magnitudes = stackalloc float[group.Length];
        double sum = 0;
        for (int row = 0; row < rows; row++)
        {
            for (int i = 0; i < group.Length; i++)
            {
                magnitudes[i] = -Math.Abs(weight[(row * columns) + group[i]]);
            }

            magnitudes.Sort();
            for (int i = 0; i < Math.Min(pattern.N, group.Length); i++)
            {
                sum -= magnitudes[i];
            }
        }

        return sum;
    }
}
