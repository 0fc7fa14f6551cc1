using System.Numerics;
using System.Runtime.InteropServices;
using BiMaskGen.Kernels.Cpu;

namespace BiMaskGen.Sparsify;

/// <summary>
/// The scores of a layer column by column, in 15-bit integers: so sums do not depend on their order, and a search finds the same on every
/// machine. The scale is a power of two that at most one score in 2^16 exceeds; those are cut off, since they are kept in nearly any group.
/// </summary>
internal sealed unsafe class MagnitudeColumns : IDisposable
{
    private const int Bits = 15;

    // The sums of two columns fit an int.
    private const int SumBits = 29;
    private const int CutShareBits = 16;
    private const int ExponentBits = 8;
    private const int MantissaBits = 23;

    private const int TaskColumns = 64;
    private const int Alignment = 64;

    private short* _columns;

    /// <summary>Converts scores.</summary>
    /// <param name="scores">Finite, row-major [rows, columns]; the sign does not count.</param>
    /// <param name="rows">out_features.</param>
    /// <param name="columns">in_features.</param>
    internal MagnitudeColumns(ReadOnlySpan<float> scores, int rows, int columns)
    {
        Columns = columns;
        Length = (rows + ExchangeKernel.Padding - 1) / ExchangeKernel.Padding * ExchangeKernel.Padding;
        int bits = Math.Clamp(SumBits - BitOperations.Log2((uint)rows) - 1, 1, Bits);
        _columns = Allocate(columns, Length);
        fixed (float* source = scores)
        {
            Body body = new()
            {
                Scores = source,
                Rows = rows,
                Columns = columns,
                Length = Length,
                Target = _columns,
                Scale = Math.ScaleB(1, bits - TopExponent(scores)),
                Largest = (1 << bits) - 1,
            };
            CpuPool.For((columns + TaskColumns - 1) / TaskColumns, body);
        }
    }

    /// <summary>in_features.</summary>
    internal int Columns { get; }

    /// <summary>out_features, padded with zeros.</summary>
    internal int Length { get; }

    /// <summary>A column.</summary>
    internal short* this[int column] => _columns + ((nint)column * Length);

    /// <summary>Aligned rows of undefined content.</summary>
    internal static short* Allocate(int count, int length) =>
        (short*)NativeMemory.AlignedAlloc(Math.Max(checked((nuint)count * (nuint)length * sizeof(short)), Alignment), Alignment);

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.AlignedFree(_columns);
        _columns = null;
    }

    /// <summary>The least e such that at most one score in 2^16 is 2^e or more.</summary>
    private static int TopExponent(ReadOnlySpan<float> scores)
    {
        // Counts, unlike means, are exact in any order. A denormal counts as if it had the smallest exponent.
        long[] counts = new long[1 << ExponentBits];
        foreach (int bits in MemoryMarshal.Cast<float, int>(scores))
        {
            counts[(bits >>> MantissaBits) & ((1 << ExponentBits) - 1)]++;
        }

        long above = 0, cut = scores.Length >> CutShareBits;
        int top = counts.Length - 1;
        while (top > 0 && above + counts[top] <= cut)
        {
            above += counts[top--];
        }

        const int Bias = 126;
        return top - Bias;
    }

    private struct Body : IRangeBody
    {
        public float* Scores;
        public int Rows;
        public int Columns;
        public int Length;
        public short* Target;
        public double Scale;
        public int Largest;

        public readonly void Invoke(int task)
        {
            int first = task * TaskColumns, end = Math.Min(first + TaskColumns, Columns);
            for (int row = 0; row < Rows; row++)
            {
                float* source = Scores + ((nint)row * Columns);
                for (int column = first; column < end; column++)
                {
                    // In doubles no scale overflows.
                    double scaled = (Math.Abs((double)source[column]) * Scale) + 0.5;
                    Target[((nint)column * Length) + row] = (short)Math.Min(scaled, Largest);
                }
            }

            for (int column = first; column < end; column++)
            {
                new Span<short>(Target + ((nint)column * Length) + Rows, Length - Rows).Clear();
            }
        }
    }
}
