namespace BiMaskGen.Tool.GpuCheck;

/// <summary>Random numbers, a function of the seed.</summary>
internal static class RandomNumbers
{
    /// <summary>Independent standard normal numbers.</summary>
    public static float[] Normal(int count, int seed)
    {
        Random random = new(seed);
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++)
        {
            numbers[i] = (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        }

        return numbers;
    }

    /// <summary>A random permutation.</summary>
    public static int[] Permutation(int length, int seed)
    {
        int[] permutation = [.. Enumerable.Range(0, length)];
        new Random(seed).Shuffle(permutation);
        return permutation;
    }
}
