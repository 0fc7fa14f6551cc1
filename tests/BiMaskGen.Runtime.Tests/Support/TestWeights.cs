namespace BiMaskGen.Runtime.Tests.Support;

/// <summary>Weights for tests, a function of the seed.</summary>
internal static class TestWeights
{
    /// <summary>Independent standard normal numbers.</summary>
    public static float[] Gaussian(int count, int seed)
    {
        var random = new Random(seed);
        float[] weight = new float[count];
        for (int i = 0; i < count; i++)
        {
            weight[i] = Normal(random);
        }

        return weight;
    }

    /// <summary>Independent numbers in [−1, 1).</summary>
    public static float[] Uniform(int count, int seed)
    {
        var random = new Random(seed);
        float[] weight = new float[count];
        for (int i = 0; i < count; i++)
        {
            weight[i] = (2 * random.NextSingle()) - 1;
        }

        return weight;
    }

    /// <summary>Few values, so that ties, zeros of both signs and denormals are everywhere.</summary>
    public static float[] Ties(int count, int seed)
    {
        float[] values = [0f, -0f, 1f, -1f, 0.5f, -2f, float.Epsilon, -float.Epsilon, 3e-40f, float.MaxValue];
        var random = new Random(seed);
        float[] weight = new float[count];
        for (int i = 0; i < count; i++)
        {
            weight[i] = values[random.Next(values.Length)];
        }

        return weight;
    }

    /// <summary>Gaussian, each column with a scale of its own.</summary>
    public static float[] ColumnScales(int rows, int columns, int seed)
    {
        float[] weight = Gaussian(rows * columns, seed);
        float[] scales = Gaussian(columns, seed + 1);
        for (int i = 0; i < weight.Length; i++)
        {
            weight[i] *= MathF.Exp(scales[i % columns]);
        }

        return weight;
    }

    /// <summary>A product of rank <paramref name="rank"/> and some noise.</summary>
    public static float[] LowRank(int rows, int columns, int rank, int seed)
    {
        float[] left = Gaussian(rows * rank, seed);
        float[] right = Gaussian(rank * columns, seed + 1);
        float[] weight = Gaussian(rows * columns, seed + 2);
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                float sum = 0.1f * weight[(row * columns) + column];
                for (int k = 0; k < rank; k++)
                {
                    sum += left[(row * rank) + k] * right[(k * columns) + column];
                }

                weight[(row * columns) + column] = sum;
            }
        }

        return weight;
    }

    /// <summary>Rows that come in clusters of similar ones, neighbours in the same cluster.</summary>
    public static float[] CorrelatedRows(int rows, int columns, int cluster, int seed)
    {
        float[] centers = Gaussian(((rows / cluster) + 1) * columns, seed);
        float[] weight = Gaussian(rows * columns, seed + 1);
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                weight[(row * columns) + column] = centers[(row / cluster * columns) + column] + (0.3f * weight[(row * columns) + column]);
            }
        }

        return weight;
    }

    /// <summary>A random permutation.</summary>
    public static int[] Permutation(int rows, int seed)
    {
        int[] permutation = [.. Enumerable.Range(0, rows)];
        new Random(seed).Shuffle(permutation);
        return permutation;
    }

    private static float Normal(Random random) =>
        (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
}
