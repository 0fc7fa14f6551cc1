namespace BiMaskGen.Kernels.Cpu;

// torch keeps an image as planes, one per channel; products want a pixel's channels side by side. Both directions are transpositions image by image, in
// strips of pixels that fit the cache with all their channels.

/// <summary>Images [batch, channels, pixels] to rows [batch·pixels, channels] and back.</summary>
internal static unsafe class PlaneRows
{
    private const int PixelsPerTask = 64;

    /// <summary>rows[b·pixels + p, c] = planes[b, c, p]; zero for c from channels to stride − 1.</summary>
    internal static void ToRows(float* planes, int batch, int channels, int pixels, float* rows, int stride) =>
        Run(new Body { Planes = planes, Rows = rows, Channels = channels, Pixels = pixels, Stride = stride, ToRows = true }, batch);

    /// <summary>planes[b, c, p] = rows[b·pixels + p, c].</summary>
    internal static void ToPlanes(float* rows, int batch, int channels, int pixels, float* planes, int stride) =>
        Run(new Body { Planes = planes, Rows = rows, Channels = channels, Pixels = pixels, Stride = stride, ToRows = false }, batch);

    private static void Run(Body body, int batch)
    {
        body.Strips = (body.Pixels + PixelsPerTask - 1) / PixelsPerTask;
        CpuPool.For(checked(batch * body.Strips), body, parallel: (long)batch * body.Pixels * body.Channels >= 1 << 14);
    }

    private struct Body : IRangeBody
    {
        public float* Planes;
        public float* Rows;
        public int Channels;
        public int Pixels;
        public int Stride;
        public int Strips;
        public bool ToRows;

        public readonly void Invoke(int index)
        {
            int image = index / Strips, first = index % Strips * PixelsPerTask, count = Math.Min(PixelsPerTask, Pixels - first);
            float* planes = Planes + ((nint)image * Channels * Pixels) + first;
            float* rows = Rows + ((((nint)image * Pixels) + first) * Stride);
            if (!ToRows)
            {
                Transposition.Run(rows, Stride, count, Channels, planes, Pixels);
                return;
            }

            Transposition.Run(planes, Pixels, Channels, count, rows, Stride);
            for (int pixel = 0; pixel < count && Stride > Channels; pixel++)
            {
                new Span<float>(rows + ((nint)pixel * Stride) + Channels, Stride - Channels).Clear();
            }
        }
    }
}
