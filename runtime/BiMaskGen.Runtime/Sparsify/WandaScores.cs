using BiMaskGen.Kernels.Cpu;

namespace BiMaskGen.Sparsify;

/// <summary>|W| · ‖x‖₂, what Wanda ranks the weights of a group by (Sun et al., arXiv 2306.11695).</summary>
internal static unsafe class WandaScores
{
    /// <summary>Computes the scores, with the sign of W.</summary>
    /// <param name="weight">Finite, row-major.</param>
    /// <param name="inFeatures">Columns of W.</param>
    /// <param name="sumOfSquares">Σ x² of every feature.</param>
    internal static float[] Of(ReadOnlySpan<float> weight, int inFeatures, ReadOnlySpan<double> sumOfSquares)
    {
        // Only ratios count: with the largest norm at 1 no score overflows.
        double largest = 0;
        foreach (double sum in sumOfSquares)
        {
            largest = Math.Max(largest, sum);
        }

        double[] norms = new double[inFeatures];
        for (int i = 0; i < inFeatures && largest > 0; i++)
        {
            norms[i] = Math.Sqrt(sumOfSquares[i] / largest);
        }

        float[] scores = GC.AllocateUninitializedArray<float>(weight.Length);
        fixed (float* source = weight, target = scores)
        {
            CpuPool.For(inFeatures == 0 ? 0 : weight.Length / inFeatures, new Body { Weight = source, Norms = norms, Scores = target });
        }

        return scores;
    }

    private struct Body : IRangeBody
    {
        public float* Weight;
        public double[] Norms;
        public float* Scores;

        public readonly void Invoke(int index)
        {
            float* weight = Weight + ((nint)index * Norms.Length), scores = Scores + ((nint)index * Norms.Length);
            for (int i = 0; i < Norms.Length; i++)
            {
                scores[i] = (float)(weight[i] * Norms[i]);
            }
        }
    }
}
