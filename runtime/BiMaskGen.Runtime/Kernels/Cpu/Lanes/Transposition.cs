using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace BiMaskGen.Kernels.Cpu;

// Packing is transposing: the dense product lays out its operands along the contraction, the sparse one its input along the batch.
// Blocks of 16×16 where AVX-512 is there (64 shuffles move 256 floats), 4×4 on every other machine with vectors, floats at the edges.

/// <summary>Transposition of strided blocks.</summary>
internal static unsafe class Transposition
{
    private static bool HasZip => Sse.IsSupported || AdvSimd.Arm64.IsSupported;

    /// <summary>destination[c, r] = source[r, c].</summary>
    internal static void Run(float* source, nint sourceStride, int rows, int columns, float* destination, nint destinationStride)
    {
        int bits = VectorWidth.Bits;
        int r = 0;
        if (Avx512F.IsSupported && bits >= 512)
        {
            for (; r <= rows - 16; r += 16)
            {
                float* from = source + (r * sourceStride);
                float* to = destination + r;
                int c = 0;
                for (; c <= columns - 16; c += 16)
                {
                    Block16(from + c, sourceStride, to + (c * destinationStride), destinationStride);
                }

                Strips(from + c, sourceStride, 16, columns - c, to + (c * destinationStride), destinationStride, true);
            }
        }

        Strips(source + (r * sourceStride), sourceStride, rows - r, columns, destination + r, destinationStride, bits >= 128);
    }

    private static void Strips(
        float* source, nint sourceStride, int rows, int columns, float* destination, nint destinationStride, bool vectors)
    {
        int r = 0;
        if (HasZip && vectors)
        {
            for (; r <= rows - 4; r += 4)
            {
                float* from = source + (r * sourceStride);
                float* to = destination + r;
                int c = 0;
                for (; c <= columns - 4; c += 4)
                {
                    Block4(from + c, sourceStride, to + (c * destinationStride), destinationStride);
                }

                Scalar(from + c, sourceStride, 4, columns - c, to + (c * destinationStride), destinationStride);
            }
        }

        Scalar(source + (r * sourceStride), sourceStride, rows - r, columns, destination + r, destinationStride);
    }

    private static void Scalar(float* source, nint sourceStride, int rows, int columns, float* destination, nint destinationStride)
    {
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
            {
                destination[(c * destinationStride) + r] = source[(r * sourceStride) + c];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipLow(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipHigh(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Block4(float* source, nint sourceStride, float* destination, nint destinationStride)
    {
        Vector128<float> r0 = Vector128.Load(source);
        Vector128<float> r1 = Vector128.Load(source + sourceStride);
        Vector128<float> r2 = Vector128.Load(source + (2 * sourceStride));
        Vector128<float> r3 = Vector128.Load(source + (3 * sourceStride));
        Vector128<float> low02 = ZipLow(r0, r2);
        Vector128<float> low13 = ZipLow(r1, r3);
        Vector128<float> high02 = ZipHigh(r0, r2);
        Vector128<float> high13 = ZipHigh(r1, r3);
        ZipLow(low02, low13).Store(destination);
        ZipHigh(low02, low13).Store(destination + destinationStride);
        ZipLow(high02, high13).Store(destination + (2 * destinationStride));
        ZipHigh(high02, high13).Store(destination + (3 * destinationStride));
    }

    private static void Block16(float* source, nint sourceStride, float* destination, nint destinationStride)
    {
        // Columns c, c + 4, c + 8, c + 12 of four rows in one register, for each c of 0…3, then the same of all four row groups merged.
        Quad(source, sourceStride, out var a0, out var a1, out var a2, out var a3);
        Quad(source + (4 * sourceStride), sourceStride, out var b0, out var b1, out var b2, out var b3);
        Quad(source + (8 * sourceStride), sourceStride, out var c0, out var c1, out var c2, out var c3);
        Quad(source + (12 * sourceStride), sourceStride, out var d0, out var d1, out var d2, out var d3);
        Merge(a0, b0, c0, d0, destination, destinationStride);
        Merge(a1, b1, c1, d1, destination + destinationStride, destinationStride);
        Merge(a2, b2, c2, d2, destination + (2 * destinationStride), destinationStride);
        Merge(a3, b3, c3, d3, destination + (3 * destinationStride), destinationStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quad(
        float* source,
        nint stride,
        out Vector512<float> column0,
        out Vector512<float> column1,
        out Vector512<float> column2,
        out Vector512<float> column3)
    {
        Vector512<float> r0 = Vector512.Load(source);
        Vector512<float> r1 = Vector512.Load(source + stride);
        Vector512<float> r2 = Vector512.Load(source + (2 * stride));
        Vector512<float> r3 = Vector512.Load(source + (3 * stride));
        Vector512<float> low01 = Avx512F.UnpackLow(r0, r1);
        Vector512<float> high01 = Avx512F.UnpackHigh(r0, r1);
        Vector512<float> low23 = Avx512F.UnpackLow(r2, r3);
        Vector512<float> high23 = Avx512F.UnpackHigh(r2, r3);
        column0 = Avx512F.Shuffle(low01, low23, 0x44);
        column1 = Avx512F.Shuffle(low01, low23, 0xee);
        column2 = Avx512F.Shuffle(high01, high23, 0x44);
        column3 = Avx512F.Shuffle(high01, high23, 0xee);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Merge(
        Vector512<float> rows0, Vector512<float> rows4, Vector512<float> rows8, Vector512<float> rows12, float* destination, nint stride)
    {
        Vector512<float> even07 = Avx512F.Shuffle4x128(rows0, rows4, 0x88);
        Vector512<float> odd07 = Avx512F.Shuffle4x128(rows0, rows4, 0xdd);
        Vector512<float> even8F = Avx512F.Shuffle4x128(rows8, rows12, 0x88);
        Vector512<float> odd8F = Avx512F.Shuffle4x128(rows8, rows12, 0xdd);
        Avx512F.Shuffle4x128(even07, even8F, 0x88).Store(destination);
        Avx512F.Shuffle4x128(odd07, odd8F, 0x88).Store(destination + (4 * stride));
        Avx512F.Shuffle4x128(even07, even8F, 0xdd).Store(destination + (8 * stride));
        Avx512F.Shuffle4x128(odd07, odd8F, 0xdd).Store(destination + (12 * stride));
    }
}
