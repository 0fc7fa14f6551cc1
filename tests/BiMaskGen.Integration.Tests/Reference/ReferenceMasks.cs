namespace BiMaskGen.Integration.Tests.Reference;

/// <summary>The masks of Bi-Mask by ranking every entry of a group against every other.</summary>
internal static class ReferenceMasks
{
    /// <summary>Mf: the n largest |w| of every m along in_features; ties go to the lower index.</summary>
    public static bool[] Forward(float[] weight, int rows, int columns, int n, int m)
    {
        var mask = new bool[weight.Length];
        for (int row = 0; row < rows; row++)
        {
            for (int start = 0; start < columns; start += m)
            {
                int end = Math.Min(start + m, columns);
                for (int c = start; c < end; c++)
                {
                    int rank = 0;
                    for (int other = start; other < end; other++)
                    {
                        float mine = Math.Abs(weight[(row * columns) + c]), its = Math.Abs(weight[(row * columns) + other]);
                        rank += its > mine || (its == mine && other < c) ? 1 : 0;
                    }

                    mask[(row * columns) + c] = rank < n;
                }
            }
        }

        return mask;
    }

    /// <summary>
    /// Mf of a convolution's weight [rows, channels, taps]: groups of m channels at every tap, or of m entries of a flattened row.
    /// </summary>
    public static bool[] OfConvolution(float[] weight, int rows, int channels, int taps, int n, int m, bool flattened)
    {
        int columns = channels * taps;
        var mask = new bool[weight.Length];
        foreach (int[] group in Enumerable.Range(0, flattened ? 1 : taps).Select(tap => flattened
            ? Enumerable.Range(0, columns).ToArray()
            : [.. Enumerable.Range(0, channels).Select(c => (c * taps) + tap)]))
        {
            float[] part = [.. Enumerable.Range(0, rows).SelectMany(row => group.Select(column => weight[(row * columns) + column]))];
            bool[] kept = Forward(part, rows, group.Length, n, m);
            for (int i = 0; i < kept.Length; i++)
            {
                mask[(i / group.Length * columns) + group[i % group.Length]] = kept[i];
            }
        }

        return mask;
    }

    /// <summary>Mb: along the permuted out_features the n largest that forward kept; what forward pruned ranks below kept zeros.</summary>
    public static bool[] Backward(float[] weight, bool[] forward, int rows, int columns, int n, int m, int[] permutation)
    {
        var mask = new bool[weight.Length];
        for (int column = 0; column < columns; column++)
        {
            for (int start = 0; start < rows; start += m)
            {
                int end = Math.Min(start + m, rows);
                for (int position = start; position < end; position++)
                {
                    int mine = (permutation[position] * columns) + column, rank = 0;
                    for (int other = start; other < end; other++)
                    {
                        int its = (permutation[other] * columns) + column;
                        int order = Key(its).CompareTo(Key(mine));
                        rank += order > 0 || (order == 0 && other < position) ? 1 : 0;
                    }

                    mask[mine] = rank < n && forward[mine];
                }
            }
        }

        return mask;

        (bool Kept, float Size) Key(int i) => (forward[i], forward[i] ? Math.Abs(weight[i]) : 0);
    }
}
