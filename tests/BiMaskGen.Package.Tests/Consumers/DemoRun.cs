using System.Globalization;
using BiMaskGen.Integration.Tests.Reference;

namespace BiMaskGen.Package.Tests.Consumers;

/// <summary>Holds what the program printed to masked dense arithmetic in double precision.</summary>
internal static class DemoRun
{
    private const int Batch = 8, In = 32, Hidden = 64, Out = 32;

    /// <summary>Every call was redirected, on the given kernel, and y and dX are those of the masks.</summary>
    public static void Check(string output, bool sparse = true)
    {
        Dictionary<string, float[]> read = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Trim().Split(' '))
            .ToDictionary(p => p[0], p => p[1..].Select(v => float.Parse(v, CultureInfo.InvariantCulture)).ToArray());
        Assert.Equal(sparse ? [1, 0, 1, 0, 1] : [0, 1, 0, 1, 1], read["counters"]);

        float[] w = read["w"];
        bool[] forward = ReferenceMasks.Forward(w, Hidden, In, 2, 4);
        bool[] backward = ReferenceMasks.Backward(w, forward, Hidden, In, 2, 4, [.. read["pi"].Select(p => (int)p)]);
        Assert.Equal(w.Length / 2, forward.Count(kept => kept));
        Assert.NotEqual(forward, backward);

        double[] hidden = Product(read["x"], Masked(w, forward), Batch, In, Hidden, read["b"]);
        Close(Product(hidden, Doubles(read["v"]), Batch, Hidden, Out, read["c"]), read["y"]);

        double[] g = Product(Doubles(read["g"]), Transposed(Doubles(read["v"]), Out, Hidden), Batch, Out, Hidden);
        Close(Product(g, Transposed(Masked(w, backward), Hidden, In), Batch, Hidden, In), read["dx"]);
    }

    private static double[] Doubles(float[] values) => [.. values.Select(v => (double)v)];

    private static double[] Masked(float[] w, bool[] mask) => [.. w.Zip(mask, (v, kept) => kept ? (double)v : 0)];

    private static double[] Transposed(double[] matrix, int rows, int columns) =>
        [.. Enumerable.Range(0, matrix.Length).Select(i => matrix[(i % rows * columns) + (i / rows)])];

    private static double[] Product(float[] x, double[] weight, int rows, int columns, int outputs, float[] bias) =>
        Product(Doubles(x), weight, rows, columns, outputs, bias);

    // x Wᵀ + b, W [outputs, columns].
    private static double[] Product(double[] x, double[] weight, int rows, int columns, int outputs, float[]? bias = null)
    {
        double[] y = new double[rows * outputs];
        for (int i = 0; i < y.Length; i++)
        {
            int row = i / outputs, output = i % outputs;
            y[i] = (bias?[output] ?? 0) + Enumerable.Range(0, columns).Sum(c => x[(row * columns) + c] * weight[(output * columns) + c]);
        }

        return y;
    }

    private static void Close(double[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        double bound = 1e-5 * expected.Max(Math.Abs);
        Assert.All(expected.Zip(actual), p => Assert.InRange(p.Second, p.First - bound, p.First + bound));
    }
}
