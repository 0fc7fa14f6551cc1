using System.Runtime.CompilerServices;

namespace BiMaskGen.Checkpoints;

/// <summary>Reads the indices of a row one after another: fields of one to five bits, the lowest bits of a byte first.</summary>
internal ref struct IndexStream(ReadOnlySpan<byte> row, int bits)
{
    private readonly ReadOnlySpan<byte> _row = row;
    private readonly uint _mask = (1u << bits) - 1;
    private uint _ahead;
    private int _have;
    private int _next;

    /// <summary>The next index.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Next()
    {
        if (_have < bits)
        {
            _ahead |= (uint)_row[_next++] << _have;
            _have += 8;
        }

        int index = (int)(_ahead & _mask);
        _ahead >>= bits;
        _have -= bits;
        return index;
    }

    /// <summary>Whether all bits behind the last index are zero, and no byte is left.</summary>
    public readonly bool IsAtEnd => _ahead == 0 && _next == _row.Length;
}
