namespace BiMaskGen.Integration.Tests.Reference.Rules;

/// <summary>
/// Transposable masks block by block: of 2:4 the best of all masks with two entries in every row and column, of other patterns the greedy one, and
/// where that keeps less than 80 % of what rows alone, or columns alone, could keep, the best one.
/// </summary>
internal static class ReferenceBlocks
{
    public static bool[] Mask(ReferenceWeight weight, int n, int m)
    {
        bool[] mask = new bool[weight.Values.Length];
        for (int row = 0; row < weight.Rows; row += m)
        {
            for (int column = 0; column < weight.Columns; column += m)
            {
                double[,] block = new double[Math.Min(m, weight.Rows - row), Math.Min(m, weight.Columns - column)];
                foreach ((int r, int c) in Places(block))
                {
                    block[r, c] = Math.Abs(weight.Values[((row + r) * weight.Columns) + column + c]);
                }

                foreach ((int r, int c) in n == 2 && m == 4 ? BestOfFour(block) : Greedy(block, n))
                {
                    mask[((row + r) * weight.Columns) + column + c] = true;
                }
            }
        }

        return mask;
    }

    private static IEnumerable<(int Row, int Column)> BestOfFour(double[,] block)
    {
        (int, int)[] pairs = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)];
        double best = -1;
        (int Row, int Column)[] found = [];
        for (int choice = 0; choice < 6 * 6 * 6 * 6; choice++)
        {
            var chosen = Enumerable.Range(0, 4).Select(row => pairs[choice / (int)Math.Pow(6, 3 - row) % 6]).ToArray();
            (int Row, int Column)[] places = [.. chosen.SelectMany((pair, row) => new[] { (row, pair.Item1), (row, pair.Item2) })];
            if (Enumerable.Range(0, 4).All(column => places.Count(p => p.Column == column) == 2))
            {
                places = [.. places.Where(p => p.Row < block.GetLength(0) && p.Column < block.GetLength(1))];
                double mass = places.Sum(p => block[p.Row, p.Column]);
                (best, found) = mass > best ? (mass, places) : (best, found);
            }
        }

        return found;
    }

    private static IEnumerable<(int Row, int Column)> Greedy(double[,] block, int n)
    {
        var taken = new List<(int Row, int Column)>();
        foreach ((int row, int column) in Places(block).OrderByDescending(p => block[p.Row, p.Column]))
        {
            if (taken.Count(t => t.Row == row) < n && taken.Count(t => t.Column == column) < n)
            {
                taken.Add((row, column));
            }
        }

        double mass = taken.Sum(t => block[t.Row, t.Column]);
        double bound = Math.Min(Alone(p => p.Row), Alone(p => p.Column));
        return mass >= 0.8 * bound ? taken : n == 1 ? BestOfOne(block) : throw new NotSupportedException($"greedy keeps {mass} of at most {bound}");

        double Alone(Func<(int Row, int Column), int> line) =>
            Places(block).GroupBy(line).Sum(g => g.Select(p => block[p.Row, p.Column]).OrderDescending().Take(n).Sum());
    }

    // N = 1: at most one entry of every row, each in a column of its own.
    private static (int Row, int Column)[] BestOfOne(double[,] block)
    {
        return From(0, 0).Places;

        (double Mass, (int Row, int Column)[] Places) From(int row, int used)
        {
            if (row == block.GetLength(0))
            {
                return (0, []);
            }

            var best = From(row + 1, used);
            for (int column = 0; column < block.GetLength(1); column++)
            {
                if ((used >> column & 1) == 0)
                {
                    var rest = From(row + 1, used | (1 << column));
                    if (rest.Mass + block[row, column] > best.Mass)
                    {
                        best = (rest.Mass + block[row, column], [.. rest.Places, (row, column)]);
                    }
                }
            }

            return best;
        }
    }

    private static IEnumerable<(int Row, int Column)> Places(double[,] block) =>
        from row in Enumerable.Range(0, block.GetLength(0)) from column in Enumerable.Range(0, block.GetLength(1)) select (row, column);
}
