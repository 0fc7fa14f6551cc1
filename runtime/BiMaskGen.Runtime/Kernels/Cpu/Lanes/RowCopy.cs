namespace BiMaskGen.Kernels.Cpu;

/// <summary>Copies between strided matrices.</summary>
internal static unsafe class RowCopy
{
    /// <summary>destination[r, c] = source[r, c].</summary>
    internal static void Run(float* source, nint sourceStride, int rows, int columns, float* destination, nint destinationStride)
    {
        for (int r = 0; r < rows; r++)
        {
            new Span<float>(source + (r * sourceStride), columns).CopyTo(new Span<float>(destination + (r * destinationStride), columns));
        }
    }
}
