using System.Runtime.CompilerServices;

namespace BiMaskGen.Checkpoints;

/// <summary>The positions of a row's kept values, one after another.</summary>
internal ref struct KeptPositions(PackedLayerInfo layer, ReadOnlySpan<byte> indices)
{
    private readonly int _m = layer.Pattern.M;
    private readonly int _n = layer.Pattern.N;
    private IndexStream _stream = new(indices, layer.IndexBits);
    private int _first = -layer.Pattern.M;
    private int _left;

    /// <summary>The next position. The last group may hold fewer than N: the caller asks for no more than there are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Next()
    {
        if (_left == 0)
        {
            _left = _n;
            _first += _m;
        }

        _left--;
        return _first + _stream.Next();
    }
}
