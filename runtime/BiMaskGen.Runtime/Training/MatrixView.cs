using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace BiMaskGen.Training;

/// <summary>
/// Single-precision memory that somebody else owns, seen as a row-major matrix. It must not move (native memory, or pinned) and the
/// owner must stay alive while the view is used: a torch tensor does both when it is kept alive with <see cref="GC.KeepAlive"/>.
/// </summary>
public readonly unsafe struct MatrixView
{
    private readonly nint _data;

    /// <summary>Makes a view.</summary>
    /// <param name="data">Address of the first entry.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns; the rows lie one behind the other.</param>
    public MatrixView(nint data, int rows, int columns)
    {
        _data = data;
        Rows = rows;
        Columns = columns;
    }

    /// <summary>Rows.</summary>
    public int Rows { get; }

    /// <summary>Columns.</summary>
    public int Columns { get; }

    /// <summary>The first entry.</summary>
    public float* Pointer => (float*)_data;

    /// <summary>All entries.</summary>
    public Span<float> Span => new(Pointer, checked(Rows * Columns));

    /// <summary>Sees the bytes of a contiguous CPU tensor as a matrix.</summary>
    /// <param name="bytes">The tensor's own memory, not a copy.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <returns>The matrix; it sees the memory as long as that lives.</returns>
    /// <exception cref="ArgumentException">The bytes are not rows × columns single-precision numbers.</exception>
    public static MatrixView OfBytes(Span<byte> bytes, int rows, int columns)
    {
        if (bytes.Length != (long)rows * columns * sizeof(float))
        {
            throw new ArgumentException($"{bytes.Length} bytes are not a float32 matrix [{rows}, {columns}].", nameof(bytes));
        }

        return new MatrixView((nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(bytes)), rows, columns);
    }
}
