using BiMaskGen.Masks;

namespace BiMaskGen.Reports;

/// <summary>Draws a layer [out_features, in_features] for a page: all of it, coarse; and a corner of its masks, entry by entry.</summary>
internal static class WeightPictures
{
    private const int CoarseSide = 160;
    private const int CornerRows = 32;
    private const int CornerColumns = 64;

    private static readonly (byte R, byte G, byte B) s_paper = (246, 246, 244), s_negative = (178, 60, 40), s_positive = (24, 92, 160);
    private static readonly (byte R, byte G, byte B) s_forwardOnly = (226, 158, 62);

    /// <summary>Mean |w| of what was kept, a pixel for as many entries as it takes.</summary>
    /// <param name="weight">The weights, pruned ones 0.</param>
    /// <param name="rows">out_features.</param>
    /// <param name="columns">in_features.</param>
    public static string Sizes(ReadOnlySpan<float> weight, int rows, int columns)
    {
        float[] sizes = new float[weight.Length];
        for (int i = 0; i < sizes.Length; i++)
        {
            sizes[i] = Math.Abs(weight[i]);
        }

        double[] means = Means(sizes, rows, columns, out int height, out int width);
        return Picture(means, height, width, Scale(means));
    }

    /// <summary>The share of entries that a mask keeps, a pixel for as many as it takes; the fullest is full colour.</summary>
    /// <param name="mask">The mask.</param>
    public static string Shares(NMMask mask)
    {
        float[] kept = new float[mask.Rows * mask.Columns];
        mask.CopyTo(kept);
        double[] means = Means(kept, mask.Rows, mask.Columns, out int height, out int width);
        double most = means.Max();
        return Picture(means, height, width, most > 0 ? 1 / most : 0);
    }

    /// <summary>The first rows and columns: what was pruned is paper, what was kept coloured by sign and size.</summary>
    /// <param name="weight">The weights.</param>
    /// <param name="mask">What is kept of them.</param>
    public static (string Uri, int Rows, int Columns) Corner(ReadOnlySpan<float> weight, NMMask mask)
    {
        int height = Math.Min(CornerRows, mask.Rows), width = Math.Min(CornerColumns, mask.Columns);
        double[] sizes = new double[height * width];
        for (int i = 0; i < sizes.Length; i++)
        {
            sizes[i] = mask[i / width, i % width] ? Math.Abs(weight[(i / width * mask.Columns) + (i % width)]) : 0;
        }

        double scale = Scale(sizes);
        byte[] pixels = new byte[3 * sizes.Length];
        for (int i = 0; i < sizes.Length; i++)
        {
            int row = i / width, column = i % width;
            bool negative = weight[(row * mask.Columns) + column] < 0;

            // A kept weight of nearly 0 is still kept: it shows.
            Paint(pixels, i, negative ? s_negative : s_positive, mask[row, column] ? 0.25 + (0.75 * sizes[i] * scale) : 0);
        }

        return (Png.DataUri(pixels, width, height), height, width);
    }

    /// <summary>The first rows and columns of two masks: what both keep, what forward alone keeps, and what backward alone keeps.</summary>
    /// <param name="forward">Mf.</param>
    /// <param name="backward">Mb.</param>
    public static (string Uri, int Rows, int Columns) Corner(NMMask forward, NMMask backward)
    {
        int height = Math.Min(CornerRows, forward.Rows), width = Math.Min(CornerColumns, forward.Columns);
        byte[] pixels = new byte[3 * height * width];
        for (int i = 0; i < height * width; i++)
        {
            bool inForward = forward[i / width, i % width], inBackward = backward[i / width, i % width];
            Paint(pixels, i, inForward && inBackward ? s_positive : inForward ? s_forwardOnly : s_negative, inForward || inBackward ? 1 : 0);
        }

        return (Png.DataUri(pixels, width, height), height, width);
    }

    private static double[] Means(ReadOnlySpan<float> values, int rows, int columns, out int height, out int width)
    {
        (height, width) = (Math.Min(CoarseSide, rows), Math.Min(CoarseSide, columns));
        double[] sums = new double[height * width];
        int[] counts = new int[height * width];
        for (int row = 0; row < rows; row++)
        {
            int y = (int)((long)row * height / rows) * width;
            ReadOnlySpan<float> line = values.Slice(row * columns, columns);
            for (int column = 0; column < line.Length; column++)
            {
                int cell = y + (int)((long)column * width / columns);
                sums[cell] += line[column];
                counts[cell]++;
            }
        }

        for (int cell = 0; cell < sums.Length; cell++)
        {
            sums[cell] /= counts[cell];
        }

        return sums;
    }

    private static string Picture(double[] values, int height, int width, double scale)
    {
        byte[] pixels = new byte[3 * values.Length];
        for (int cell = 0; cell < values.Length; cell++)
        {
            Paint(pixels, cell, s_positive, values[cell] * scale);
        }

        return Png.DataUri(pixels, width, height);
    }

    // Outliers would leave all others pale: what 98 % do not exceed is full colour.
    private static double Scale(double[] values)
    {
        double[] sorted = [.. values.Where(v => v > 0).Order()];
        return sorted.Length == 0 ? 0 : 1 / sorted[(int)((sorted.Length - 1) * 0.98)];
    }

    private static void Paint(byte[] pixels, int place, (byte R, byte G, byte B) color, double share)
    {
        share = Math.Clamp(share, 0, 1);
        pixels[3 * place] = Mix(s_paper.R, color.R);
        pixels[(3 * place) + 1] = Mix(s_paper.G, color.G);
        pixels[(3 * place) + 2] = Mix(s_paper.B, color.B);

        byte Mix(byte paper, byte ink) => (byte)(paper + ((ink - paper) * share));
    }
}
