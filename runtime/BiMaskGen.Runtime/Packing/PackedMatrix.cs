namespace BiMaskGen.Packing;

/// <summary>
/// An N:M matrix A [rows × columns] packed for products over its columns: of every M consecutive positions of the contraction at most N
/// are kept. Position p of the contraction is column <c>ColumnOrder[p]</c> of A. Made once per layer and filled again after every change of
/// the weights; how it lies in memory is known to the packers and kernels alone.
/// </summary>
public sealed class PackedMatrix
{
    private int[] _columnOrder = [];
    private bool[] _seen = [];
    private PackedGroups? _groups;
    private QuadStream? _quads;

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

    /// <summary>The layouts that hold the present entries.</summary>
    public PackedForms Forms { get; internal set; }

    /// <summary>Memory of the layouts that were ever filled.</summary>
    public long Bytes => (_groups?.Bytes ?? 0) + (_quads?.Bytes ?? 0);

    /// <summary>The compact form; holds the entries if <see cref="Forms"/> says so.</summary>
    internal PackedGroups GroupForm => _groups ??= new PackedGroups(Pattern, Rows, Columns);

    /// <summary>The form for large batches; holds the entries if <see cref="Forms"/> says so.</summary>
    internal QuadStream QuadForm =>
        _quads ??= new QuadStream(Rows, Columns, Pattern.GroupsIn(Columns) * Pattern.N);

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
        if ((Forms & PackedForms.Groups) != 0)
        {
            PackedReader.Unpack(GroupForm, Rows, Columns, ColumnOrder, dense);
        }
        else if (Forms != PackedForms.None)
        {
            PackedReader.Unpack(QuadForm, dense);
        }
    }

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

        if (_seen.Length == 0)
        {
            _columnOrder = GC.AllocateUninitializedArray<int>(Columns);
            _seen = new bool[Columns];
        }

        _seen.AsSpan().Clear();
        bool identity = true;
        for (int position = 0; position < order.Length; position++)
        {
            int column = order[position];
            if ((uint)column >= (uint)Columns || _seen[column])
            {
                IsPermuted = false;
                throw new ArgumentException(
                    $"Entry {position} of the permutation is {column}: out of range or there twice.", nameof(order));
            }

            _seen[column] = true;
            identity &= column == position;
        }

        order.CopyTo(_columnOrder);
        IsPermuted = !identity;
    }
}
