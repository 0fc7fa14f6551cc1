using BiMaskGen.Masks;
using BiMaskGen.Permutations;
using BiMaskGen.Runtime.Tests.Kernels;
using BiMaskGen.Runtime.Tests.Support;
using BiMaskGen.Sparsify;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Sparsify;

[Collection(KernelSettings.Name)]
public sealed class SparseGptTests
{
    [Theory]
    [InlineData(2, 4, 24, false)]
    [InlineData(2, 4, 23, true)]
    [InlineData(1, 4, 30, true)]
    [InlineData(1, 2, 21, false)]
    [InlineData(3, 7, 33, true)]
    [InlineData(4, 8, 40, false)]
    public void MaskAndWeightsAreThoseOfTheDefinition(int n, int m, int columns, bool permuted)
    {
        const int Rows = 9;
        NMPattern pattern = new(n, m);
        float[] weight = TestWeights.Gaussian(Rows * columns, n + m);
        double[] gram = InverseFactorTests.Gram(columns, 50, 6);
        int[] order = permuted ? TestWeights.Permutation(columns, 7) : RowPermutation.Identity(columns);
        var mask = new NMMask(Rows, columns);
        using InverseFactor factor = InverseFactor.TryCreate(gram, order, 0.01)!;
        float[] pruned = SparseGptSolver.Prune(pattern, weight, order, factor, mask);

        (double[] expected, bool[] kept) = Reference(pattern, weight, Rows, order, InverseFactorTests.Damped(gram, order, 0.01));
        Assert.Equal(-1, MaskReference.FirstDifference(kept, mask));
        for (int i = 0; i < pruned.Length; i++)
        {
            Assert.Equal(expected[i], pruned[i], 1e-4);
        }
    }

    // More columns than a block holds, so that errors cross blocks; the remainder of 2:4 too.
    [Fact]
    public void TheOutputOnTheCalibrationDataIsBestKept()
    {
        const int Rows = 40, Columns = 302, Samples = 600;
        float[] weight = TestWeights.Gaussian(Rows * Columns, 1), inputs = TestWeights.LowRank(Samples, Columns, 40, 2);
        var statistics = new CalibrationStatistics("fc", Columns, withGram: true);
        statistics.Add(inputs);
        double magnitude = Error(PruningMethod.Magnitude), wanda = Error(PruningMethod.Wanda), secondOrder = Error(PruningMethod.SparseGpt);
        Assert.True(secondOrder < 0.4 * magnitude, $"{secondOrder}, magnitude {magnitude}");
        Assert.True(secondOrder < 0.4 * wanda, $"{secondOrder}, Wanda {wanda}");

        double Error(PruningMethod method)
        {
            SparsifiedLayer layer = OneShot.Sparsify("fc", weight, Rows, Columns, new(new(2, 4)) { Method = method }, statistics);
            float[] after = layer.Updated ?? [.. weight.Select((w, i) => layer.Forward[i / Columns, i % Columns] ? w : 0)];
            return OutputError(weight, after, Rows, inputs);
        }
    }

    [Fact]
    public void InputsWithoutCorrelationLeaveTheKeptWeightsAlone()
    {
        const int Rows = 12, Columns = 140;
        float[] weight = TestWeights.Gaussian(Rows * Columns, 3), gram = new float[Columns * Columns];
        for (int i = 0; i < Columns; i++)
        {
            gram[i * (Columns + 1)] = 3;
        }

        SparsifiedLayer layer = OneShot.Sparsify(
            "fc", weight, Rows, Columns, new(new(2, 4)) { Method = PruningMethod.SparseGpt }, CalibrationStatistics.FromGram("fc", gram, Columns));
        bool[] expected = MaskReference.Forward(2, 4, weight, Rows, Columns);
        Assert.Equal(-1, MaskReference.FirstDifference(expected, layer.Forward));
        Assert.Equal(weight.Select((w, i) => expected[i] ? w : 0), layer.Updated!);
    }

    [Fact]
    public void ThreadsDoNotChangeABit()
    {
        const int Rows = 70, Columns = 330;
        float[] weight = TestWeights.Gaussian(Rows * Columns, 4), inputs = TestWeights.LowRank(300, Columns, 30, 5);
        SparsifiedLayer? first = null;
        foreach (int threads in new[] { 1, 2, 5 })
        {
            KernelSettings.With(512, threads, () =>
            {
                var statistics = new CalibrationStatistics("fc", Columns, withGram: true);
                statistics.Add(inputs);
                SparsifiedLayer layer = OneShot.Sparsify(
                    "fc", weight, Rows, Columns, new(new(2, 4)) { Method = PruningMethod.SparseGpt, Channels = new(2) }, statistics);
                first ??= layer;
                Assert.Equal(first.Channels!.Order, layer.Channels!.Order);
                Assert.Equal(first.Updated, layer.Updated);
                Assert.Equal(first.Rows.Permutation, layer.Rows.Permutation);
            });
        }
    }

    private static double OutputError(float[] weight, float[] after, int rows, float[] inputs)
    {
        int columns = weight.Length / rows;
        double error = 0;
        for (int sample = 0; sample < inputs.Length; sample += columns)
        {
            for (int row = 0; row < rows; row++)
            {
                double sum = 0;
                for (int i = 0; i < columns; i++)
                {
                    sum += ((double)after[(row * columns) + i] - weight[(row * columns) + i]) * inputs[sample + i];
                }

                error += sum * sum;
            }
        }

        return error;
    }

    /// <summary>Optimal brain surgery column by column, each time with the inverse of what is left of H, computed from H itself.</summary>
    private static (double[] Weight, bool[] Kept) Reference(NMPattern pattern, float[] weight, int rows, int[] order, double[] h)
    {
        int columns = order.Length;
        double[][] inverseRows = [.. Enumerable.Range(0, columns).Select(first => FirstRowOfInverse(h, columns, first))];
        double[] result = new double[weight.Length];
        bool[] kept = new bool[weight.Length];
        for (int row = 0; row < rows; row++)
        {
            double[] w = [.. order.Select(column => (double)weight[(row * columns) + column])];
            bool[] keeps = new bool[columns];
            for (int j = 0; j < columns; j++)
            {
                if (j % pattern.M == 0)
                {
                    foreach (int i in Enumerable.Range(j, Math.Min(pattern.M, columns - j))
                        .OrderByDescending(i => w[i] * w[i] / inverseRows[i][0]).Take(pattern.N))
                    {
                        keeps[i] = true;
                    }
                }

                if (!keeps[j])
                {
                    double factor = w[j] / inverseRows[j][0];
                    for (int k = j; k < columns; k++)
                    {
                        w[k] -= factor * inverseRows[j][k - j];
                    }

                    w[j] = 0;
                }

                result[(row * columns) + order[j]] = w[j];
                kept[(row * columns) + order[j]] = keeps[j];
            }
        }

        return (result, kept);
    }

    /// <summary>The first row of H[first.., first..]⁻¹: solves H x = e₁ by elimination.</summary>
    private static double[] FirstRowOfInverse(double[] h, int size, int first)
    {
        int n = size - first;
        double[,] a = new double[n, n + 1];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                a[i, j] = h[((i + first) * size) + j + first];
            }
        }

        a[0, n] = 1;
        for (int pivot = 0; pivot < n; pivot++)
        {
            for (int i = 0; i < n; i++)
            {
                double factor = i == pivot ? 0 : a[i, pivot] / a[pivot, pivot];
                for (int j = pivot; j <= n; j++)
                {
                    a[i, j] -= factor * a[pivot, j];
                }
            }
        }

        return [.. Enumerable.Range(0, n).Select(i => a[i, n] / a[i, i])];
    }
}
