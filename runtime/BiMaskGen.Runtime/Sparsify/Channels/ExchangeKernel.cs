using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using BiMaskGen.Kernels.Cpu;

namespace BiMaskGen.Sparsify;

// Take column j out of its group: of the M − 1 that rest, a row keeps the N − 1 largest whatever comes, and the N-th largest, t, unless the
// newcomer w is larger. So the group keeps Σ over rows of max(t, w), plus what does not depend on w: a matrix product in which max
// stands for the multiplication. It is exact, and the same for every N:M and for a remainder, whose missing members count as zeros.
//
// Shapes: rests and columns are rows of 16-bit magnitudes along out_features, padded with zeros to whole registers. Loop order: a strip of
// columns that stays in the second-level cache, then tiles of 4 rests × 2 columns; 8 sums, their operands and a one fit 16 registers.

/// <summary>What groups would keep of exchanged columns: out[i, j] = Σ over rows of max(rest i, column j).</summary>
internal static unsafe class ExchangeKernel
{
    /// <summary>Magnitudes that rows are padded to.</summary>
    internal const int Padding = 32;

    private const int TileRests = 4;
    private const int TileColumns = 2;
    private const int StripColumns = 32;

    /// <summary>Computes a block.</summary>
    /// <param name="rests">Addresses of the rests.</param>
    /// <param name="columns">Addresses of the columns.</param>
    /// <param name="length">Magnitudes of each, a multiple of <see cref="Padding"/>.</param>
    /// <param name="sums">Row-major: one row per rest.</param>
    /// <param name="stride">Numbers from one row of sums to the next.</param>
    internal static void Run(ReadOnlySpan<nint> rests, ReadOnlySpan<nint> columns, int length, int* sums, int stride)
    {
        switch (VectorWidth.Bits)
        {
            case 512:
                Run<MagnitudeLanes512, Vector512<short>>(rests, columns, length, sums, stride);
                break;
            case 256:
                Run<MagnitudeLanes256, Vector256<short>>(rests, columns, length, sums, stride);
                break;
            case 128:
                Run<MagnitudeLanes128, Vector128<short>>(rests, columns, length, sums, stride);
                break;
            default:
                Run<MagnitudeLanes16, int>(rests, columns, length, sums, stride);
                break;
        }
    }

    private static void Run<TLanes, TVec>(ReadOnlySpan<nint> rests, ReadOnlySpan<nint> columns, int length, int* sums, int stride)
        where TLanes : struct, IMagnitudeLanes<TVec>
        where TVec : unmanaged
    {
        short** tileRests = stackalloc short*[TileRests];
        int* tile = stackalloc int[TileRests * TileColumns];
        for (int strip = 0; strip < columns.Length; strip += StripColumns)
        {
            int end = Math.Min(strip + StripColumns, columns.Length);
            for (int i = 0; i < rests.Length; i += TileRests)
            {
                // A tile beyond the edge repeats the last operand; its sums are left out.
                int height = Math.Min(TileRests, rests.Length - i);
                for (int k = 0; k < TileRests; k++)
                {
                    tileRests[k] = (short*)rests[Math.Min(i + k, rests.Length - 1)];
                }

                for (int j = strip; j < end; j += TileColumns)
                {
                    int width = Math.Min(TileColumns, end - j);
                    Tile<TLanes, TVec>(tileRests, (short*)columns[j], (short*)columns[j + width - 1], length, tile);
                    for (int k = 0; k < height; k++)
                    {
                        int* target = sums + ((nint)(i + k) * stride) + j;
                        target[0] = tile[k * TileColumns];
                        target[width - 1] = tile[(k * TileColumns) + width - 1];
                    }
                }
            }
        }
    }

    private static void Tile<TLanes, TVec>(short** rests, short* column0, short* column1, int length, int* sums)
        where TLanes : struct, IMagnitudeLanes<TVec>
        where TVec : unmanaged
    {
        short* rest0 = rests[0], rest1 = rests[1], rest2 = rests[2], rest3 = rests[3];
        TVec sum00 = TLanes.Zero, sum01 = TLanes.Zero, sum10 = TLanes.Zero, sum11 = TLanes.Zero;
        TVec sum20 = TLanes.Zero, sum21 = TLanes.Zero, sum30 = TLanes.Zero, sum31 = TLanes.Zero;
        for (int row = 0; row < length; row += TLanes.Count)
        {
            TVec w0 = TLanes.Load(column0 + row), w1 = TLanes.Load(column1 + row);
            Step<TLanes, TVec>(TLanes.Load(rest0 + row), w0, w1, ref sum00, ref sum01);
            Step<TLanes, TVec>(TLanes.Load(rest1 + row), w0, w1, ref sum10, ref sum11);
            Step<TLanes, TVec>(TLanes.Load(rest2 + row), w0, w1, ref sum20, ref sum21);
            Step<TLanes, TVec>(TLanes.Load(rest3 + row), w0, w1, ref sum30, ref sum31);
        }

        sums[0] = TLanes.Total(sum00);
        sums[1] = TLanes.Total(sum01);
        sums[2] = TLanes.Total(sum10);
        sums[3] = TLanes.Total(sum11);
        sums[4] = TLanes.Total(sum20);
        sums[5] = TLanes.Total(sum21);
        sums[6] = TLanes.Total(sum30);
        sums[7] = TLanes.Total(sum31);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<TLanes, TVec>(TVec rest, TVec w0, TVec w1, ref TVec sum0, ref TVec sum1)
        where TLanes : struct, IMagnitudeLanes<TVec>
        where TVec : unmanaged
    {
        sum0 = TLanes.AddPairs(sum0, TLanes.Max(rest, w0));
        sum1 = TLanes.AddPairs(sum1, TLanes.Max(rest, w1));
    }
}
