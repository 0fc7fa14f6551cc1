using System.Runtime.InteropServices;

namespace BiMaskGen.Packing;

/// <summary>
/// An N:M matrix A [rows × columns] packed for products over its columns: of every M consecutive positions of the contraction at most N
/// are kept, each group in exactly N slots, unused ones filled with zero. Position p of the contraction is column
/// <c>ColumnOrder[p]</c> of A. Made once per layer and filled again after every change of the weights; how it lies in memory is
/// known to the packers and kernels alone.
/// </summary>
// Memory: [tile of 16 rows][slot][16 rows], values and indices apart. 16 rows side by side serve both kernels: the one for small batches
// reads a slot of 16 rows as one vector, the one for large batches broadcasts from it. Positions are cut into blocks of at most 64 whole
// groups, and an index is the position inside its block in one byte: the kernel for large batches needs no other arithmetic to find its
// input, whatever N and M are; where M divides 16 its low bits are what a vector permutation takes.
public sealed unsafe class PackedMatrix
{
    /// <summary>Rows whose values lie side by side.</summary>
    internal const int TileRows = 16;

    // With 64 batch columns of 4 bytes a block of positions takes 16 KiB of first-level cache, and as much is left for outputs.
    private const int MaxBlockPositions = 64;

    private const int Alignment = 64;

    private readonly float[] _values;
    private readonly byte[] _indices;
    private readonly int[] _columnOrder;
    private readonly int[] _positionOf;

    /// <summary>Makes an empty (all zero) matrix.</summary>
    /// <param name="pattern">N:M along the columns.</param>
    /// <param name="rows">Outputs of a product.</param>
    /// <param name="columns">The contraction.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below one.</exception>
    /// <exception cref="NMSparsePatternException">The pattern is <c>default</c>.</exception>
    public PackedMatrix(NMPattern pattern, int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        Pattern = new NMPattern(pattern.N, pattern.M);
        Rows = rows;
        Columns = columns;
        Groups = pattern.GroupsIn(columns);
        GroupsPerBlock = MaxBlockPositions / pattern.M;
        Tiles = (rows + TileRows - 1) / TileRows;
        int entries = checked(Tiles * TileRows * SlotsPerRow);
        _values = GC.AllocateArray<float>(checked(entries + (Alignment / sizeof(float))), pinned: true);
        _indices = GC.AllocateArray<byte>(checked(entries + Alignment), pinned: true);
        _columnOrder = GC.AllocateUninitializedArray<int>(columns, pinned: true);
        _positionOf = GC.AllocateUninitializedArray<int>(columns, pinned: true);
        Values = (float*)Align(ref MemoryMarshal.GetArrayDataReference(_values));
        Indices = (byte*)Align(ref MemoryMarshal.GetArrayDataReference(_indices));
    }

    /// <summary>N:M along the positions of the contraction.</summary>
    public NMPattern Pattern { get; }

    /// <summary>Outputs of a product.</summary>
    public int Rows { get; }

    /// <summary>The contraction.</summary>
    public int Columns { get; }

    /// <summary>Whether positions of the contraction are columns in another order than their own.</summary>
    public bool IsPermuted { get; private set; }

    /// <summary>The column of A at each position of the contraction; empty if that is the position itself.</summary>
    public ReadOnlySpan<int> ColumnOrder => IsPermuted ? _columnOrder : default;

    /// <summary>Memory that values and indices take.</summary>
    public long Bytes => ((long)_values.Length * sizeof(float)) + _indices.Length;

    internal int Groups { get; }

    internal int GroupsPerBlock { get; }

    internal int Tiles { get; }

    internal int PositionsPerBlock => GroupsPerBlock * Pattern.M;

    internal int SlotsPerBlock => GroupsPerBlock * Pattern.N;

    internal int SlotsPerRow => Groups * Pattern.N;

    internal int Blocks => (Groups + GroupsPerBlock - 1) / GroupsPerBlock;

    /// <summary>Entry (row, slot) is at (row / 16 · SlotsPerRow + slot) · 16 + row % 16. Valid while the matrix is alive.</summary>
    internal float* Values { get; }

    internal byte* Indices { get; }

    /// <summary>Position of each column, the inverse of <see cref="ColumnOrder"/>; empty if it is the column itself.</summary>
    internal ReadOnlySpan<int> PositionOf => IsPermuted ? _positionOf : default;

    /// <summary>Writes A as a dense row-major matrix, its columns in their own order.</summary>
    /// <param name="dense">rows × columns entries.</param>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    public void Unpack(Span<float> dense)
    {
        if (dense.Length != (long)Rows * Columns)
        {
            throw new ArgumentException($"A dense copy has {Rows} x {Columns} entries, the span {dense.Length}.", nameof(dense));
        }

        dense.Clear();
        for (int row = 0; row < Rows; row++)
        {
            for (int slot = 0; slot < SlotsPerRow; slot++)
            {
                nint entry = EntryOf(row / TileRows, slot) + (row % TileRows);
                int position = (slot / SlotsPerBlock * PositionsPerBlock) + Indices[entry];
                if (Values[entry] != 0)
                {
                    dense[(row * Columns) + (IsPermuted ? _columnOrder[position] : position)] = Values[entry];
                }
            }
        }

        GC.KeepAlive(this);
    }

    internal nint EntryOf(int tile, int slot) => (((nint)tile * SlotsPerRow) + slot) * TileRows;

    /// <summary>Sets the order of the columns; an empty span stands for their own.</summary>
    /// <exception cref="ArgumentException">The order is no permutation of the columns.</exception>
    internal void SetColumnOrder(ReadOnlySpan<int> order)
    {
        if (order.IsEmpty)
        {
            IsPermuted = false;
            return;
        }

        if (order.Length != Columns)
        {
            throw new ArgumentException($"The permutation has {order.Length} entries, the contraction {Columns}.", nameof(order));
        }

        _positionOf.AsSpan().Fill(-1);
        bool identity = true;
        for (int position = 0; position < order.Length; position++)
        {
            int column = order[position];
            if ((uint)column >= (uint)Columns || _positionOf[column] >= 0)
            {
                IsPermuted = false;
                throw new ArgumentException(
                    $"Entry {position} of the permutation is {column}: out of range or there twice.", nameof(order));
            }

            _positionOf[column] = position;
            identity &= column == position;
        }

        order.CopyTo(_columnOrder);
        IsPermuted = !identity;
    }

    private static nint Align<T>(ref T pinned)
        where T : unmanaged
    {
        fixed (T* start = &pinned)
        {
            return ((nint)start + Alignment - 1) & ~(nint)(Alignment - 1);
        }
    }
}
