namespace BiMaskGen.Masks.Blocks;

/// <summary>
/// The 4×4 mask with two entries in every row and column that keeps the most magnitude: all 90 are tried. What a smaller block lacks counts as
/// zero. Sums are in double precision and of numbers of single precision, so that their order does not decide; of equal ones the
/// first pattern wins, in the order of the rows' pairs of columns.
/// </summary>
internal static unsafe class TwoOfFourBlock
{
    private const int Side = 4;
    private const int Pairs = 6;

    // The pairs of columns a row can keep, as bits: 01, 02, 03, 12, 13, 23.
    private static readonly byte[] s_pairs = [0b0011, 0b0101, 0b1001, 0b0110, 0b1010, 0b1100];

    // A pattern is the pairs of its four rows; the upper two and the lower two as one index each.
    private static readonly (byte Upper, byte Lower)[] s_patterns = [.. Patterns()];

    /// <summary>How many there are.</summary>
    internal static int Count => s_patterns.Length;

    /// <summary>Finds the mask.</summary>
    /// <param name="block">At most 4×4.</param>
    /// <param name="kept">The columns kept of each row of the block, as bits; written.</param>
    internal static void Keep(in WeightBlock block, uint* kept)
    {
        double* size = stackalloc double[Side * Side], pair = stackalloc double[Side * Pairs];
        new Span<double>(size, Side * Side).Clear();
        for (int row = 0; row < block.Rows; row++)
        {
            for (int column = 0; column < block.Columns; column++)
            {
                size[(row * Side) + column] = block[row, column];
            }
        }

        for (int row = 0; row < Side; row++)
        {
            double* s = size + (row * Side), p = pair + (row * Pairs);
            (p[0], p[1], p[2], p[3], p[4], p[5]) = (s[0] + s[1], s[0] + s[2], s[0] + s[3], s[1] + s[2], s[1] + s[3], s[2] + s[3]);
        }

        double* upper = stackalloc double[Pairs * Pairs], lower = stackalloc double[Pairs * Pairs];
        for (int i = 0; i < Pairs * Pairs; i++)
        {
            upper[i] = pair[i / Pairs] + pair[Pairs + (i % Pairs)];
            lower[i] = pair[(2 * Pairs) + (i / Pairs)] + pair[(3 * Pairs) + (i % Pairs)];
        }

        double best = -1;
        (byte Upper, byte Lower) found = default;
        foreach ((byte Upper, byte Lower) pattern in s_patterns)
        {
            double mass = upper[pattern.Upper] + lower[pattern.Lower];
            if (mass > best)
            {
                (best, found) = (mass, pattern);
            }
        }

        uint inside = (1u << block.Columns) - 1;
        for (int row = 0; row < block.Rows; row++)
        {
            int half = row < 2 ? found.Upper : found.Lower;
            kept[row] = s_pairs[(row & 1) == 0 ? half / Pairs : half % Pairs] & inside;
        }
    }

    private static IEnumerable<(byte Upper, byte Lower)> Patterns()
    {
        for (int upper = 0; upper < Pairs * Pairs; upper++)
        {
            for (int lower = 0; lower < Pairs * Pairs; lower++)
            {
                int[] rows = [s_pairs[upper / Pairs], s_pairs[upper % Pairs], s_pairs[lower / Pairs], s_pairs[lower % Pairs]];
                if (Enumerable.Range(0, Side).All(column => rows.Sum(row => (row >> column) & 1) == 2))
                {
                    yield return ((byte)upper, (byte)lower);
                }
            }
        }
    }
}
