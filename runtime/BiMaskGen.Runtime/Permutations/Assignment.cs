using System.Numerics;
using System.Runtime.InteropServices;

namespace BiMaskGen.Permutations;

/// <summary>
/// The linear assignment problem with the largest sum, exactly, in integers: shortest augmenting paths over reduced costs, after the
/// columns were reduced (Jonker and Volgenant). Every choice takes the lowest index, so that the result does not depend on the vector width.
/// </summary>
internal sealed class Assignment
{
    private readonly int[] _columnPrices;
    private readonly int[] _rowOf;
    private readonly int[] _distances;
    private readonly int[] _open;
    private readonly int[] _previous;
    private readonly int[] _scanned;
    private readonly int[] _scannedAt;

    /// <summary>Makes room for problems of some size.</summary>
    /// <param name="capacity">Rows, and columns, at most.</param>
    public Assignment(int capacity)
    {
        int block = Math.Max(Vector<int>.Count, LaneCounts.Lanes);
        Stride = (capacity + block - 1) / block * block;
        _columnPrices = new int[Stride];
        _rowOf = new int[Stride];
        _distances = new int[Stride];
        _open = new int[Stride];
        _previous = new int[Stride];
        _scanned = new int[Stride];
        _scannedAt = new int[Stride];
        Gains = new int[(long)Stride * capacity];
        ColumnOf = new int[capacity];
    }

    /// <summary>Numbers from one row of <see cref="Gains"/> to the next.</summary>
    public int Stride { get; }

    /// <summary>The gain of each row and column, at least 0; set before <see cref="Solve"/>.</summary>
    public int[] Gains { get; }

    /// <summary>The column that each row was given.</summary>
    public int[] ColumnOf { get; }

    /// <summary>Solves the problem of the first rows and columns.</summary>
    public void Solve(int size)
    {
        ColumnOf.AsSpan(0, size).Fill(-1);
        _rowOf.AsSpan().Fill(-1);
        Reduce(size);
        for (int row = 0; row < size; row++)
        {
            if (ColumnOf[row] < 0)
            {
                Augment(row, size);
            }
        }
    }

    private ReadOnlySpan<int> Row(int row) => Gains.AsSpan(row * Stride, Stride);

    // A column's price is its largest gain, and it goes to the first row that offers it, if that row is free.
    private void Reduce(int size)
    {
        _columnPrices.AsSpan().Fill(int.MinValue);
        for (int row = 0; row < size; row++)
        {
            ReadOnlySpan<Vector<int>> gains = Vectors(Row(row));
            Span<Vector<int>> prices = Vectors(_columnPrices.AsSpan());
            Span<Vector<int>> best = Vectors(_previous.AsSpan());
            for (int i = 0; i < gains.Length; i++)
            {
                best[i] = Vector.ConditionalSelect(Vector.GreaterThan(gains[i], prices[i]), new Vector<int>(row), best[i]);
                prices[i] = Vector.Max(prices[i], gains[i]);
            }
        }

        for (int column = 0; column < size; column++)
        {
            int row = _previous[column];
            if (ColumnOf[row] < 0)
            {
                Give(row, column);
            }
        }
    }

    // The cost of a row and column is the column's price less the gain, at least 0, and 0 where they are assigned.
    private void Augment(int free, int size)
    {
        int padded = (size + Vector<int>.Count - 1) / Vector<int>.Count * Vector<int>.Count;
        _open.AsSpan(0, size).Fill(-1);
        _open.AsSpan(size, padded - size).Clear();
        _distances.AsSpan(0, padded).Fill(int.MaxValue);
        int scanned = 0;
        int row = free;
        int least = 0;
        int column;
        while (true)
        {
            column = Relax(row, padded, ref least);
            if (_rowOf[column] < 0)
            {
                break;
            }

            _open[column] = 0;
            _scanned[scanned] = column;
            _scannedAt[scanned++] = least;
            _distances[column] = int.MaxValue;
            row = _rowOf[column];
        }

        // Scanned columns get dearer, or their rows would prefer them to the new ones.
        for (int i = 0; i < scanned; i++)
        {
            _columnPrices[_scanned[i]] += least - _scannedAt[i];
        }

        while (true)
        {
            int giver = _previous[column];
            int next = ColumnOf[giver];
            Give(giver, column);
            if (giver == free)
            {
                return;
            }

            column = next;
        }
    }

    // Lowers the distances by way of a row and finds the first open column at the least distance; those of other columns are endless.
    private int Relax(int row, int padded, ref int least)
    {
        ReadOnlySpan<int> gains = Row(row)[..padded];
        // What the row has now costs nothing beyond the way to it. A free row starts at its cheapest column.
        int held = ColumnOf[row];
        int start = held >= 0 ? least - (_columnPrices[held] - gains[held]) : 0;
        ReadOnlySpan<Vector<int>> gain = Vectors(gains);
        ReadOnlySpan<Vector<int>> price = Vectors(_columnPrices.AsSpan(0, padded));
        ReadOnlySpan<Vector<int>> open = Vectors(_open.AsSpan(0, padded));
        Span<Vector<int>> distance = Vectors(_distances.AsSpan(0, padded));
        Span<Vector<int>> previous = Vectors(_previous.AsSpan(0, padded));
        var nearest = new Vector<int>(int.MaxValue);
        for (int i = 0; i < gain.Length; i++)
        {
            Vector<int> way = price[i] - gain[i] + new Vector<int>(start);
            Vector<int> shorter = Vector.LessThan(way, distance[i]) & open[i];
            distance[i] = Vector.ConditionalSelect(shorter, way, distance[i]);
            previous[i] = Vector.ConditionalSelect(shorter, new Vector<int>(row), previous[i]);
            nearest = Vector.Min(nearest, distance[i]);
        }

        int found = int.MaxValue;
        for (int i = 0; i < Vector<int>.Count; i++)
        {
            found = Math.Min(found, nearest[i]);
        }

        least = found;
        return _distances.AsSpan(0, padded).IndexOf(found);
    }

    private void Give(int row, int column)
    {
        ColumnOf[row] = column;
        _rowOf[column] = row;
    }

    private static ReadOnlySpan<Vector<int>> Vectors(ReadOnlySpan<int> numbers) => MemoryMarshal.Cast<int, Vector<int>>(numbers);

    private static Span<Vector<int>> Vectors(Span<int> numbers) => MemoryMarshal.Cast<int, Vector<int>>(numbers);
}
