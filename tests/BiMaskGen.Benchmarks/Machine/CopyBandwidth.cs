using BiMaskGen.Kernels.Cpu;

namespace BiMaskGen.Benchmarks.Machine;

/// <summary>Bytes per second that the pinned threads move, read and written, in a copy larger than the caches.</summary>
internal static unsafe class CopyBandwidth
{
    private const int Chunk = 1 << 20;
    private const int Samples = 5;

    /// <summary>GB/s of <see cref="CpuPool.Threads"/> threads, the best of several samples.</summary>
    internal static double Measure(int threads)
    {
        int chunks = checked((int)(Caches.Largest / Chunk)) + 1;
        using var source = new Matrix(chunks, Chunk / sizeof(float));
        using var destination = new Matrix(chunks, Chunk / sizeof(float));
        source.Span.Fill(1);
        var body = new Body { Source = source.Pointer, Destination = destination.Pointer };
        double best = double.MaxValue;
        for (int sample = 0; sample <= Samples; sample++)
        {
            var clock = new Clock(threads);
            double start = clock.Milliseconds;
            CpuPool.For(chunks, body);

            // The first copy pays for the pages of the destination.
            best = sample == 0 ? best : Math.Min(best, clock.Milliseconds - start);
        }

        return 2.0 * chunks * Chunk / best / 1e6;
    }

    private struct Body : IRangeBody
    {
        public float* Source;
        public float* Destination;

        public readonly void Invoke(int index)
        {
            nint offset = (nint)index * (Chunk / sizeof(float));
            Buffer.MemoryCopy(Source + offset, Destination + offset, Chunk, Chunk);
        }
    }
}
