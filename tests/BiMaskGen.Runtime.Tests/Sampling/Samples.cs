using BiMaskGen.Kernels.Cpu;
using BiMaskGen.Permutations;

namespace BiMaskGen.Runtime.Tests.Sampling;

/// <summary>Calls of the sampler on managed arrays.</summary>
internal static unsafe class Samples
{
    /// <summary>The sample of g [rows × columns] along the rows, written densely.</summary>
    public static float[] Write<TGroup>(float[] g, int rows, int columns, SplitMix64 generator)
        where TGroup : struct, ISampledGroup
    {
        var sampled = new float[g.Length];
        sampled.AsSpan().Fill(float.NaN);
        fixed (float* pg = g, ps = sampled)
        {
            new GradientSample<TGroup>(pg, rows, columns, generator).Write(ps);
        }

        return sampled;
    }

    /// <summary>One group in every column, the same in all.</summary>
    public static float[] Repeated(float[] group, int columns)
    {
        var g = new float[group.Length * columns];
        for (int i = 0; i < g.Length; i++)
        {
            g[i] = group[i / columns];
        }

        return g;
    }
}
