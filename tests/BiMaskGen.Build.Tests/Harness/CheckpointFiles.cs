using BiMaskGen.Checkpoints;

namespace BiMaskGen.Build.Tests.Harness;

/// <summary>Dense checkpoints of random numbers.</summary>
internal static class CheckpointFiles
{
    /// <summary>Writes tensors of normal-ish numbers; the same for the same seed.</summary>
    public static Dictionary<string, float[]> Write(string path, int seed, params (string Key, long[] Shape)[] tensors) =>
        Write(path, seed, DType.F32, tensors);

    public static Dictionary<string, float[]> Write(string path, int seed, DType type, params (string Key, long[] Shape)[] tensors)
    {
        Random random = new(seed);
        Dictionary<string, float[]> values = [];
        using SafeTensorsWriter writer = SafeTensorsWriter.Create(path, [.. tensors.Select(t => new TensorInfo(t.Key, type, t.Shape))], durable: false);
        foreach ((string key, long[] shape) in tensors)
        {
            float[] tensor = new float[shape.Aggregate(1L, (a, b) => a * b)];
            for (int i = 0; i < tensor.Length; i++)
            {
                tensor[i] = random.NextSingle() + random.NextSingle() + random.NextSingle() - 1.5f;
            }

            byte[] bytes = new byte[tensor.Length * type.Bytes()];
            if (TensorConversion.IsSupported(type))
            {
                TensorConversion.FromSingle(type, tensor, bytes);
            }
            else
            {
                random.NextBytes(bytes);
            }

            writer.Write(key, bytes);
            values.Add(key, tensor);
        }

        writer.Commit();
        return values;
    }

    /// <summary>W with all but the n largest of every m entries of a row set to 0; ties go to the lower column.</summary>
    public static double[] Masked(float[] weight, int columns, int n, int m)
    {
        double[] masked = new double[weight.Length];
        for (int start = 0; start < weight.Length; start += columns)
        {
            for (int group = 0; group < columns; group += m)
            {
                foreach (int i in Enumerable.Range(group, Math.Min(m, columns - group)).OrderByDescending(i => Math.Abs(weight[start + i])).ThenBy(i => i).Take(n))
                {
                    masked[start + i] = weight[start + i];
                }
            }
        }

        return masked;
    }
}
