namespace Digits;

/// <summary>
/// Draws digits, so that the sample needs no file: a glyph under a random shift, turn, slant, size and pen width on a 32×32 grid,
/// of which every 4×4 cells make one pixel (0..16), as in the optdigits data; then some specks.
/// </summary>
internal static class DrawnDigits
{
    private const int Grid = 32, Cell = Grid / DigitSet.Side, GlyphRows = 7, GlyphColumns = 5;
    private const double Specks = 0.02;

    private static readonly string[] s_glyphs =
    [
        " ### #   ##   ##   ##   ##   # ### ",
        "  #   ##    #    #    #    #   ### ",
        " ### #   #    #   #   #   #   #####",
        " ### #   #    #  ##     ##   # ### ",
        "   #   ##  # # #  # #####   #    # ",
        "######    #### #   #    ##   # ### ",
        "  ##  #   #    #### #   ##   # ### ",
        "#####    #   #   #   #    #    #   ",
        " ### #   ##   # ### #   ##   # ### ",
        " ### #   ##   # ####    #   #  ##  ",
    ];

    /// <summary>Images of all classes in turn; the same for the same seed.</summary>
    public static DigitSet Draw(int count, int seed)
    {
        var random = new Random(seed);
        List<byte[]> images = [];
        List<int> labels = [];
        for (int i = 0; i < count; i++)
        {
            labels.Add(i % DigitSet.Classes);
            images.Add(Image(s_glyphs[labels[i]], random));
        }

        return new DigitSet(images, labels);
    }

    private static byte[] Image(string glyph, Random random)
    {
        double turn = Between(-0.3, 0.3), slant = Between(-0.35, 0.35), width = Between(0.8, 1.3), height = Between(0.75, 1.15);
        double left = Between(-3, 3), up = Between(-2.5, 2.5), pen = Between(0.3, 0.55), cos = Math.Cos(turn), sin = Math.Sin(turn);
        byte[] pixels = new byte[DigitSet.Pixels];
        for (int v = 0; v < Grid; v++)
        {
            for (int u = 0; u < Grid; u++)
            {
                // From the grid back to the glyph, whose cells are 4.5 grid cells wide at size 1.
                double x = u - (Grid / 2) + left, y = v - (Grid / 2) + up;
                double column = (((x * cos) + (y * sin) + (slant * y)) / (4.5 * width)) + ((GlyphColumns - 1) / 2.0);
                double row = (((y * cos) - (x * sin)) / (4.5 * height)) + ((GlyphRows - 1) / 2.0);
                if (Ink(glyph, row, column) > pen != random.NextDouble() < Specks)
                {
                    pixels[(v / Cell * DigitSet.Side) + (u / Cell)]++;
                }
            }
        }

        return pixels;

        double Between(double low, double high) => low + ((high - low) * random.NextDouble());
    }

    // The glyph's cells blurred into one another: a threshold then cuts a thin or a thick line from them.
    private static double Ink(string glyph, double row, double column)
    {
        int r = (int)Math.Floor(row), c = (int)Math.Floor(column);
        double dr = row - r, dc = column - c;
        return ((1 - dr) * (((1 - dc) * At(r, c)) + (dc * At(r, c + 1)))) + (dr * (((1 - dc) * At(r + 1, c)) + (dc * At(r + 1, c + 1))));

        int At(int i, int j) => i is >= 0 and < GlyphRows && j is >= 0 and < GlyphColumns && glyph[(i * GlyphColumns) + j] == '#' ? 1 : 0;
    }
}
