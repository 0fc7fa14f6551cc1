using System.Runtime.InteropServices;
using BiMaskGen.Training;

namespace BiMaskGen.Benchmarks.Machine;

/// <summary>A row-major matrix in native memory, aligned to a cache line.</summary>
internal sealed unsafe class Matrix : IDisposable
{
    private const int Alignment = 64;

    internal Matrix(int rows, int columns)
    {
        Rows = rows;
        Columns = columns;
        Pointer = (float*)NativeMemory.AlignedAlloc(checked((nuint)Count * sizeof(float)), Alignment);
        Span.Clear();
    }

    internal int Rows { get; }

    internal int Columns { get; }

    internal float* Pointer { get; private set; }

    internal long Count => (long)Rows * Columns;

    internal long Bytes => Count * sizeof(float);

    internal Span<float> Span => new(Pointer, checked((int)Count));

    internal MatrixView View => new((nint)Pointer, Rows, Columns);

    /// <summary>A matrix of numbers between −1 and 1, the same for the same seed.</summary>
    internal static Matrix Random(int rows, int columns, int seed, float scale = 1)
    {
        var matrix = new Matrix(rows, columns);
        ulong state = (ulong)(seed + 1) * 0x9E3779B97F4A7C15;
        foreach (ref float entry in matrix.Span)
        {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            entry = scale * ((int)(state >> 40) - (1 << 23)) / (1 << 23);
        }

        return matrix;
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(Pointer);
        Pointer = null;
    }
}
