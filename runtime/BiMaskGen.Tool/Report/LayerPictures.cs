using BiMaskGen.Checkpoints;
using BiMaskGen.Masks;

namespace BiMaskGen.Tool.Report;

/// <summary>Draws a packed layer: all its weights, coarse; and a corner of its mask, entry by entry.</summary>
internal static class LayerPictures
{
    private const int CoarseSide = 160;
    private const int CornerRows = 32;
    private const int CornerColumns = 64;

    private static readonly (byte R, byte G, byte B) s_paper = (246, 246, 244), s_negative = (178, 60, 40), s_positive = (24, 92, 160);

    /// <summary>Mean |w| of what was kept, a pixel for as many entries as it takes.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="weight">Its weights, pruned ones 0.</param>
    public static string Weights(PackedLayer layer, ReadOnlySpan<float> weight)
    {
        int height = Math.Min(CoarseSide, layer.OutFeatures), width = Math.Min(CoarseSide, layer.InFeatures);
        double[] sums = new double[height * width];
        int[] counts = new int[height * width];
        for (int row = 0; row < layer.OutFeatures; row++)
        {
            int y = (int)((long)row * height / layer.OutFeatures) * width;
            ReadOnlySpan<float> values = weight.Slice(row * layer.InFeatures, layer.InFeatures);
            for (int column = 0; column < values.Length; column++)
            {
                int cell = y + (int)((long)column * width / layer.InFeatures);
                sums[cell] += Math.Abs(values[column]);
                counts[cell]++;
            }
        }

        for (int cell = 0; cell < sums.Length; cell++)
        {
            sums[cell] /= counts[cell];
        }

        double scale = Scale(sums);
        byte[] pixels = new byte[3 * sums.Length];
        for (int cell = 0; cell < sums.Length; cell++)
        {
            Paint(pixels, cell, s_positive, sums[cell] * scale);
        }

        return Png.DataUri(pixels, width, height);
    }

    /// <summary>The first rows and columns: what was pruned is paper, what was kept coloured by sign and size.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="weight">Its weights, pruned ones 0.</param>
    public static (string Uri, int Rows, int Columns) Corner(PackedLayer layer, ReadOnlySpan<float> weight)
    {
        int height = Math.Min(CornerRows, layer.OutFeatures), width = Math.Min(CornerColumns, layer.InFeatures);
        NMMask mask = layer.MakeForwardMask();
        double[] sizes = new double[height * width];
        for (int i = 0; i < sizes.Length; i++)
        {
            sizes[i] = Math.Abs(weight[(i / width * layer.InFeatures) + (i % width)]);
        }

        double scale = Scale(sizes);
        byte[] pixels = new byte[3 * sizes.Length];
        for (int i = 0; i < sizes.Length; i++)
        {
            int row = i / width, column = i % width;
            bool negative = weight[(row * layer.InFeatures) + column] < 0;

            // A kept weight of nearly 0 is still kept: it shows.
            Paint(pixels, i, negative ? s_negative : s_positive, mask[row, column] ? 0.25 + (0.75 * sizes[i] * scale) : 0);
        }

        return (Png.DataUri(pixels, width, height), height, width);
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
