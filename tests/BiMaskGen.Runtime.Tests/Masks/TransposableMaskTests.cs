using BiMaskGen.Masks;
using BiMaskGen.Masks.Blocks;
using BiMaskGen.Runtime.Tests.Kernels;
using BiMaskGen.Runtime.Tests.Support;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Masks;

[Collection(KernelSettings.Name)]
public sealed class TransposableMaskTests
{
    public static TheoryData<int, int> Patterns { get; } = new()
    {
        { 2, 4 }, { 1, 2 }, { 1, 4 }, { 3, 4 }, { 2, 8 }, { 4, 8 }, { 3, 7 }, { 1, 16 }, { 2, 16 }, { 1, 32 }, { 16, 32 }, { 31, 32 },
    };

    /// <summary>Blocks that lead the greedy choice astray, or leave it none.</summary>
    public static TheoryData<string> Adversaries { get; } = ["chain", "cross", "one row", "one column", "equal", "zero", "huge", "tiny"];

    [Theory]
    [MemberData(nameof(Patterns))]
    public void AtMostNOfMAlongBothAxes(int n, int m)
    {
        foreach ((int rows, int columns) in ((int, int)[])[(m, m), (64, 64), (45, 75), (1, 70), (70, 1), (33, 130), (3 * m, (2 * m) + 1)])
        {
            foreach (float[] weight in (float[][])[TestWeights.Gaussian(rows * columns, 1), TestWeights.Ties(rows * columns, 2), TestWeights.ColumnScales(rows, columns, 3)])
            {
                CheckBothAxes(Mask(n, m, weight, rows, columns), n, m);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Adversaries))]
    public void AdversarialBlocks(string kind)
    {
        foreach ((int n, int m) in ((int, int)[])[(1, 2), (1, 3), (2, 3), (1, 4), (2, 4), (3, 4), (2, 6)])
        {
            double[,] block = Adversary(kind, m);
            NMMask mask = Mask(n, m, Flat(block), m, m);
            CheckBothAxes(mask, n, m);
            double mass = Mass(mask, block), best = BlockReference.Best(block, n);
            Assert.True(mass >= 0.8 * best, $"{n}:{m}, {kind}: {mass} of {best}");
        }
    }

    [Fact]
    public void TwoOfFour_IsTheBestOfNinety()
    {
        Assert.Equal(90, TwoOfFourBlock.Count);
        for (int seed = 0; seed < 24; seed++)
        {
            // The last of them is at both edges.
            (int rows, int columns) = seed % 6 == 5 ? (3, 2) : seed % 3 == 2 ? (4, 3) : (4, 4);
            float[] weight = seed % 2 == 0 ? TestWeights.Gaussian(rows * columns, seed) : TestWeights.Uniform(rows * columns, seed);
            double[,] block = Square(weight, rows, columns);
            double mass = Mass(Mask(2, 4, weight, rows, columns), block);
            Assert.Equal(BlockReference.BestOfTwoInFour(block), mass, 12);
        }
    }

    /// <summary>Seven entries can hold more than any eight that are two in every row and column; that costs a seventh at most.</summary>
    [Fact]
    public void TwoOfFour_KeepsSixSeventhsOfWhatAnyMaskKeeps()
    {
        double[,] seven = { { 1, 0, 0, 0 }, { 0, 1, 1, 0 }, { 0, 0, 1, 1 }, { 0, 1, 0, 1 } };
        Assert.Equal(7, BlockReference.Best(seven, 2));
        Assert.Equal(6, Mass(Mask(2, 4, Flat(seven), 4, 4), seven));
        for (int seed = 0; seed < 200; seed++)
        {
            float[] weight = TestWeights.Gaussian(16, seed);
            double[,] block = Square(weight, 4, 4);
            Assert.True(Mass(Mask(2, 4, weight, 4, 4), block) >= 6.0 / 7 * BlockReference.Best(block, 2));
        }
    }

    /// <summary>The figures of docs/methods.md for Gaussian weights.</summary>
    [Fact]
    public void TwoOfFour_OnGaussianBlocks()
    {
        const int blocks = 800;
        double mass = 0, alongRows = 0, more = 0;
        int beaten = 0;
        for (int seed = 0; seed < blocks; seed++)
        {
            float[] weight = TestWeights.Gaussian(16, seed);
            double[,] block = Square(weight, 4, 4);
            double kept = Mass(Mask(2, 4, weight, 4, 4), block);
            double best = BlockReference.Best(block, 2);
            mass += kept;
            alongRows += weight.Chunk(4).Sum(row => row.Select(w => Math.Abs((double)w)).OrderDescending().Take(2).Sum());
            beaten += best > kept + 1e-9 ? 1 : 0;
            more += (best / kept) - 1;
        }

        Assert.InRange(mass / alongRows, 0.935, 0.95);
        Assert.InRange(beaten / (double)blocks, 0.02, 0.045);
        Assert.InRange(more / blocks, 0.0002, 0.001);
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(2, 5)]
    [InlineData(2, 6)]
    public void Greedy_KeepsNineteenTwentiethsOnAverage(int n, int m)
    {
        double share = 0;
        for (int seed = 0; seed < 40; seed++)
        {
            float[] weight = TestWeights.Gaussian(m * m, seed);
            double[,] block = Square(weight, m, m);
            share += Mass(Mask(n, m, weight, m, m), block) / BlockReference.Best(block, n) / 40;
        }

        Assert.InRange(share, 0.95, 1);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(1, 4)]
    [InlineData(3, 4)]
    [InlineData(2, 5)]
    [InlineData(1, 6)]
    [InlineData(2, 6)]
    public void SmallBlocks_KeepFourFifthsOfTheOptimum(int n, int m)
    {
        for (int seed = 0; seed < 60; seed++)
        {
            int rows = seed % 4 == 3 ? m - 1 : m;
            float[] weight = seed % 2 == 0 ? TestWeights.Gaussian(rows * m, seed) : TestWeights.Uniform(rows * m, seed);
            double[,] block = Square(weight, rows, m);
            double mass = Mass(Mask(n, m, weight, rows, m), block), best = BlockReference.Best(block, n);
            Assert.True(mass >= 0.8 * best, $"seed {seed}: {mass} of {best}");
        }
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(1, 4)]
    [InlineData(3, 4)]
    [InlineData(2, 5)]
    [InlineData(2, 6)]
    public unsafe void TheExactBlock_IsTheOptimum(int n, int m)
    {
        uint* kept = stackalloc uint[NMPattern.MaxM];
        for (int seed = 0; seed < 40; seed++)
        {
            int columns = seed % 4 == 3 ? m - 1 : m;
            float[] weight = TestWeights.Gaussian(m * columns, seed);
            double mass = 0;
            fixed (float* w = weight)
            {
                BestBlock.Keep(n, new WeightBlock(w, columns, m, columns), kept);
            }

            for (int i = 0; i < weight.Length; i++)
            {
                mass += (kept[i / columns] >> (i % columns) & 1) != 0 ? Math.Abs((double)weight[i]) : 0;
            }

            Assert.Equal(BlockReference.Best(Square(weight, m, columns), n), mass, 9);
        }
    }

    /// <summary>By falling magnitude, where that is certain to keep enough: the mask as it is defined.</summary>
    [Fact]
    public void GreedyTakesTheLargestFirst_TiesByIndex()
    {
        float[] weight = [9, 8, 1, 0, 8, 9, 0, 1, 1, 0, 9, 8, 0, 1, 8, 9];
        Assert.Equal([0, 5, 10, 15], Kept(Mask(1, 4, weight, 4, 4)));
        Assert.Equal([0, 5, 10, 15], Kept(Mask(1, 4, [.. Enumerable.Repeat(-2f, 16)], 4, 4)));

        // Greedy takes 10, then 1 and nothing; the optimum is 18.
        Assert.Equal([1, 2], Kept(Mask(1, 2, [10, 9, 9, 0], 2, 2)));
    }

    [Theory]
    [InlineData(2, 4)]
    [InlineData(2, 8)]
    public void ThreadsDoNotShow(int n, int m)
    {
        float[] weight = TestWeights.Ties(90 * 130, 4);
        bool[]? first = null;
        foreach (int threads in (int[])[1, 2, 5])
        {
            KernelSettings.With(int.MaxValue, threads, () =>
            {
                bool[] mask = MaskReference.Flatten(Mask(n, m, weight, 90, 130));
                Assert.Equal(first ??= mask, mask);
            });
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void AWeightThatIsNoNumberIsSeen(float bad)
    {
        float[] weight = TestWeights.Gaussian(64, 1);
        weight[37] = bad;
        Assert.False(TransposableMask.Run(new(2, 4), weight, new NMMask(8, 8)));
    }

    private static NMMask Mask(int n, int m, float[] weight, int rows, int columns)
    {
        var mask = new NMMask(rows, columns);
        mask.Fill();
        Assert.True(TransposableMask.Run(new(n, m), weight, mask));
        return mask;
    }

    private static void CheckBothAxes(NMMask mask, int n, int m)
    {
        for (int row = 0; row < mask.Rows; row++)
        {
            for (int first = 0; first < mask.Columns; first += m)
            {
                Assert.True(Enumerable.Range(first, Math.Min(m, mask.Columns - first)).Count(c => mask[row, c]) <= n, $"row {row} from {first}");
            }
        }

        for (int column = 0; column < mask.Columns; column++)
        {
            for (int first = 0; first < mask.Rows; first += m)
            {
                Assert.True(Enumerable.Range(first, Math.Min(m, mask.Rows - first)).Count(r => mask[r, column]) <= n, $"column {column} from {first}");
            }
        }

        // Not by keeping nothing: no entry could be added.
        for (int row = 0; row < Math.Min(m, mask.Rows); row++)
        {
            for (int column = 0; column < Math.Min(m, mask.Columns); column++)
            {
                bool full = Enumerable.Range(0, Math.Min(m, mask.Columns)).Count(c => mask[row, c]) == n
                    || Enumerable.Range(0, Math.Min(m, mask.Rows)).Count(r => mask[r, column]) == n;
                Assert.True(mask[row, column] || full || mask.Rows < m || mask.Columns < m, $"[{row}, {column}] could be kept");
            }
        }
    }

    private static double[,] Adversary(string kind, int m)
    {
        double[,] block = new double[m, m];
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < m; j++)
            {
                block[i, j] = kind switch
                {
                    "chain" => i == j ? 1.01 : j == (i + 1) % m || i == 0 ? 1 : 0,
                    "cross" => i == 0 && j == 0 ? 1.001 : i == 0 || j == 0 ? 1 : 0,
                    "one row" => i == 1 ? j + 1 : 0,
                    "one column" => j == 1 ? i + 1 : 0,
                    "equal" => 1,
                    "huge" => float.MaxValue / (1 + i + j),
                    "tiny" => float.Epsilon * (1 + ((i * m) + j)),
                    _ => 0,
                };
            }
        }

        return block;
    }

    private static float[] Flat(double[,] block) => [.. block.Cast<double>().Select(v => (float)v)];

    private static double[,] Square(float[] weight, int rows, int columns)
    {
        double[,] block = new double[rows, columns];
        for (int i = 0; i < weight.Length; i++)
        {
            block[i / columns, i % columns] = Math.Abs((double)weight[i]);
        }

        return block;
    }

    private static double Mass(NMMask mask, double[,] block) => Kept(mask).Sum(i => block[i / mask.Columns, i % mask.Columns]);

    private static IEnumerable<int> Kept(NMMask mask) => Enumerable.Range(0, mask.Rows * mask.Columns).Where(i => mask[i / mask.Columns, i % mask.Columns]);
}
