namespace BiMaskGen.Runtime.Tests.Support;

/// <summary>The best mask of a small block by trying all of them.</summary>
internal static class BlockReference
{
    /// <summary>The most magnitude that a mask with at most n entries in every row and column keeps; by dynamic programming over rows.</summary>
    public static double Best(double[,] block, int n)
    {
        int rows = block.GetLength(0), columns = block.GetLength(1);
        var kept = new Dictionary<int, double> { [0] = 0 };
        for (int row = 0; row < rows; row++)
        {
            var next = new Dictionary<int, double>();
            double[] sums = [.. Enumerable.Range(0, 1 << columns).Select(choice => Enumerable.Range(0, columns).Where(c => (choice >> c & 1) != 0).Sum(c => block[row, c]))];
            foreach ((int counts, double mass) in kept)
            {
                for (int choice = 0; choice < 1 << columns; choice++)
                {
                    if (int.PopCount(choice) <= n && Add(counts, choice, columns, n) is { } after)
                    {
                        next[after] = Math.Max(mass + sums[choice], next.GetValueOrDefault(after));
                    }
                }
            }

            kept = next;
        }

        return kept.Values.Max();
    }

    /// <summary>The most magnitude that a mask with two entries in every row and column of a 4×4 block keeps.</summary>
    public static double BestOfTwoInFour(double[,] block)
    {
        double best = 0;
        for (int mask = 0; mask < 1 << 16; mask++)
        {
            bool isOne = int.PopCount(mask) == 8;
            for (int line = 0; line < 4 && isOne; line++)
            {
                isOne = int.PopCount(mask & (0xF << (4 * line))) == 2 && int.PopCount(mask & (0x1111 << line)) == 2;
            }

            if (isOne)
            {
                best = Math.Max(best, Enumerable.Range(0, 16).Where(i => (mask >> i & 1) != 0 && i / 4 < block.GetLength(0) && i % 4 < block.GetLength(1)).Sum(i => block[i / 4, i % 4]));
            }
        }

        return best;
    }

    // The entries of each column so far, in base n + 1.
    private static int? Add(int counts, int choice, int columns, int n)
    {
        int unit = 1, sum = counts;
        for (int column = 0; column < columns; column++, unit *= n + 1)
        {
            if ((choice >> column & 1) != 0)
            {
                if (counts / unit % (n + 1) == n)
                {
                    return null;
                }

                sum += unit;
            }
        }

        return sum;
    }
}
