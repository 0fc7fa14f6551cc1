using BiMaskGen.Kernels.Cpu;

namespace BiMaskGen.Sparsify;

/// <summary>
/// X Xᵀ += of some inputs. Single-precision products over a few hundred samples at a time, summed up in double precision: rounding does not grow
/// with the number of samples. Panels of features bound the memory, and only what lies on and above the diagonal is computed.
/// </summary>
internal static unsafe class GramAccumulator
{
    private const int PanelFeatures = 256;
    private const int ChunkSamples = 256;

    /// <summary>Adds inputs.</summary>
    /// <param name="inputs">Row-major [samples, features].</param>
    /// <param name="samples">Rows.</param>
    /// <param name="features">Columns.</param>
    /// <param name="gram">[features, features]; what lies below the diagonal blocks stays as it is.</param>
    internal static void Add(ReadOnlySpan<float> inputs, int samples, int features, double[] gram)
    {
        float[] panel = new float[Math.Min(PanelFeatures, features) * features];
        fixed (float* x = inputs, product = panel)
        fixed (double* sums = gram)
        {
            for (int sample = 0; sample < samples; sample += ChunkSamples)
            {
                float* chunk = x + ((nint)sample * features);
                int count = Math.Min(ChunkSamples, samples - sample);
                for (int first = 0; first < features; first += PanelFeatures)
                {
                    int height = Math.Min(PanelFeatures, features - first), width = features - first;
                    Gemm.Multiply(true, false, height, width, count, 1, chunk + first, features, chunk + first, features, 0, product, width);
                    CpuPool.For(height, new AddBody { Product = product, Sums = sums + ((nint)first * (features + 1)), Width = width, Stride = features });
                }
            }
        }
    }

    private struct AddBody : IRangeBody
    {
        public float* Product;
        public double* Sums;
        public int Width;
        public int Stride;

        public readonly void Invoke(int index)
        {
            float* source = Product + ((nint)index * Width);
            double* target = Sums + ((nint)index * Stride);
            for (int i = index; i < Width; i++)
            {
                target[i] += source[i];
            }
        }
    }
}
