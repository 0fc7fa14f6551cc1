using System.Numerics;

namespace BiMaskGen.Kernels.Cpu;

// A task takes a channel of all images, so no sum depends on the number of threads. 32 vectors at a time are added in float, these partial sums in double: the
// error stays that of 32 additions, however many pixels there are.

/// <summary>Sums over batch and pixels, for the gradient of a convolution's bias.</summary>
internal static unsafe class PlaneSums
{
    private const int VectorsPerPart = 32;

    /// <summary>sums[c] = Σ_b Σ_p planes[b, c, p].</summary>
    internal static void Compute(float* planes, int batch, int channels, int pixels, float* sums) => CpuPool.For(
        channels,
        new Body { Planes = planes, Batch = batch, Channels = channels, Pixels = pixels, Sums = sums },
        parallel: (long)batch * channels * pixels >= 1 << 16);

    private struct Body : IRangeBody
    {
        public float* Planes;
        public int Batch;
        public int Channels;
        public int Pixels;
        public float* Sums;

        public readonly void Invoke(int index)
        {
            double sum = 0;
            for (int image = 0; image < Batch; image++)
            {
                float* plane = Planes + ((((nint)image * Channels) + index) * Pixels);
                for (int first = 0; first < Pixels; first += VectorsPerPart * Vector<float>.Count)
                {
                    sum += Part(plane + first, Math.Min(VectorsPerPart * Vector<float>.Count, Pixels - first));
                }
            }

            Sums[index] = (float)sum;
        }

        private static double Part(float* values, int count)
        {
            Vector<float> lanes = Vector<float>.Zero;
            int i = 0;
            for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
            {
                lanes += Vector.Load(values + i);
            }

            double sum = Vector.Sum(lanes);
            for (; i < count; i++)
            {
                sum += values[i];
            }

            return sum;
        }
    }
}
