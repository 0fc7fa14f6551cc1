using System.Numerics;
using System.Runtime.CompilerServices;

namespace BiMaskGen.Sparsify;

/// <summary>
/// C −= X Yᵀ in double precision, rows of X and Y contiguous along the contraction: the one product that factoring and inverting need. Tiles of
/// 4 × 2 sums, the contraction cut so that the rows of Y stay in the second-level cache. The order of additions does not depend on threads.
/// </summary>
internal static unsafe class DoubleDots
{
    private const int TileX = 4;
    private const int TileY = 2;
    private const int Chunk = 1024;

    /// <summary>Subtracts the products of all pairs of rows.</summary>
    /// <param name="x">Rows, <paramref name="stride"/> apart.</param>
    /// <param name="xRows">Number of rows of X and C.</param>
    /// <param name="y">Rows, <paramref name="stride"/> apart.</param>
    /// <param name="yRows">Number of rows of Y, columns of C.</param>
    /// <param name="length">The contraction.</param>
    /// <param name="c">C, rows <paramref name="stride"/> apart.</param>
    /// <param name="stride">Entries from one row to the next, of all three.</param>
    internal static void Subtract(double* x, int xRows, double* y, int yRows, int length, double* c, nint stride)
    {
        double* sums = stackalloc double[TileX * TileY];
        double** rows = stackalloc double*[TileX + TileY];
        for (int start = 0; start < length; start += Chunk)
        {
            int count = Math.Min(Chunk, length - start);
            for (int i = 0; i < xRows; i += TileX)
            {
                int height = Math.Min(TileX, xRows - i);
                for (int k = 0; k < TileX; k++)
                {
                    rows[k] = x + ((i + Math.Min(k, height - 1)) * stride) + start;
                }

                for (int j = 0; j < yRows; j += TileY)
                {
                    int width = Math.Min(TileY, yRows - j);
                    rows[TileX] = y + (j * stride) + start;
                    rows[TileX + 1] = y + ((j + width - 1) * stride) + start;
                    Tile(rows, count, sums);
                    for (int a = 0; a < height; a++)
                    {
                        for (int b = 0; b < width; b++)
                        {
                            c[((i + a) * stride) + j + b] -= sums[(a * TileY) + b];
                        }
                    }
                }
            }
        }
    }

    /// <summary>Σ x y.</summary>
    internal static double Dot(double* x, double* y, int length)
    {
        Vector<double> sum = Vector<double>.Zero;
        int i = 0;
        for (; i <= length - Vector<double>.Count; i += Vector<double>.Count)
        {
            sum = Vector.MultiplyAddEstimate(Vector.Load(x + i), Vector.Load(y + i), sum);
        }

        double total = Vector.Sum(sum);
        for (; i < length; i++)
        {
            total += x[i] * y[i];
        }

        return total;
    }

    private static void Tile(double** rows, int length, double* sums)
    {
        double* x0 = rows[0], x1 = rows[1], x2 = rows[2], x3 = rows[3], y0 = rows[4], y1 = rows[5];
        Vector<double> s00 = Vector<double>.Zero, s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
        int i = 0;
        for (; i <= length - Vector<double>.Count; i += Vector<double>.Count)
        {
            Vector<double> v0 = Vector.Load(y0 + i), v1 = Vector.Load(y1 + i);
            Step(Vector.Load(x0 + i), v0, v1, ref s00, ref s01);
            Step(Vector.Load(x1 + i), v0, v1, ref s10, ref s11);
            Step(Vector.Load(x2 + i), v0, v1, ref s20, ref s21);
            Step(Vector.Load(x3 + i), v0, v1, ref s30, ref s31);
        }

        sums[0] = Vector.Sum(s00);
        sums[1] = Vector.Sum(s01);
        sums[2] = Vector.Sum(s10);
        sums[3] = Vector.Sum(s11);
        sums[4] = Vector.Sum(s20);
        sums[5] = Vector.Sum(s21);
        sums[6] = Vector.Sum(s30);
        sums[7] = Vector.Sum(s31);
        for (; i < length; i++)
        {
            for (int k = 0; k < TileX; k++)
            {
                sums[k * TileY] += rows[k][i] * y0[i];
                sums[(k * TileY) + 1] += rows[k][i] * y1[i];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(Vector<double> x, Vector<double> y0, Vector<double> y1, ref Vector<double> sum0, ref Vector<double> sum1)
    {
        sum0 = Vector.MultiplyAddEstimate(x, y0, sum0);
        sum1 = Vector.MultiplyAddEstimate(x, y1, sum1);
    }
}
