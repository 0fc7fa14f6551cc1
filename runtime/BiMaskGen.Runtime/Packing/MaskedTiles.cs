using BiMaskGen.Kernels.Cpu;
using BiMaskGen.Masks;

namespace BiMaskGen.Packing;

/// <summary>The tiles of W ⊙ mask.</summary>
internal unsafe struct MaskedTiles : ITileSource
{
    public float* Weight;
    public ulong* Words;
    public int WordsPerRow;
    public int Columns;

    /// <inheritdoc/>
    public readonly void Read<TLanes, TVec>(int row, int rows, int column, int columns, float* destination, nint stride)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
    {
        for (int r = 0; r < rows; r++)
        {
            ulong bits = MaskBits.Read(Words + ((nint)(row + r) * WordsPerRow), column, columns);
            float* weight = Weight + ((nint)(row + r) * Columns) + column;
            float* masked = destination + (r * stride);
            int i = 0;
            for (; i <= columns - TLanes.Count; i += TLanes.Count)
            {
                TLanes.Store(TLanes.SelectByBits((uint)(bits >> i), TLanes.Load(weight + i), TLanes.Create(0)), masked + i);
            }

            for (; i < columns; i++)
            {
                masked[i] = Lanes32.SelectByBits((uint)(bits >> i), weight[i], 0);
            }
        }
    }
}
