using BiMaskGen.Sparsify;

namespace BiMaskGen.Runtime.Tests.Support;

/// <summary>
/// How far an order of the channels goes from what N:M keeps without it to what the best weights of every row, wherever they stand, would be:
/// in percent. The measure of Pool and Yu, Channel Permutations for N:M Sparsity (NeurIPS 2021).
/// </summary>
internal static class Efficacy
{
    /// <summary>The efficacy of a search's result.</summary>
    public static double Of(ChannelOrder found, float[] weight, int rows, NMPattern pattern) =>
        100 * (found.Kept - found.DefaultKept) / (Unstructured(weight, rows, pattern) - found.DefaultKept);

    /// <summary>Σ of the largest N/M of the magnitudes of every row.</summary>
    private static double Unstructured(float[] weight, int rows, NMPattern pattern)
    {
        int columns = weight.Length / rows;
        double sum = 0;
        double[] row = new double[columns];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                row[j] = -Math.Abs((double)weight[(i * columns) + j]);
            }

            Array.Sort(row);
            sum -= row.Take(pattern.KeptIn(columns)).Sum();
        }

        return sum;
    }
}
