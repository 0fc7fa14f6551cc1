using System.Runtime.CompilerServices;
using BiMaskGen.Masks;

namespace BiMaskGen.Kernels.Cpu;

/// <summary>A weight under its mask, dense: for the masked dense product and for mask decay.</summary>
public static unsafe class MaskApply
{
    /// <summary>result = weight where the mask keeps it, pruned · weight elsewhere; with 0 that is W ⊙ mask.</summary>
    /// <param name="weight">W, row-major, of the mask's shape.</param>
    /// <param name="mask">The mask.</param>
    /// <param name="result">Where it goes; may be <paramref name="weight"/> itself.</param>
    /// <param name="pruned">What remains of pruned weights, β of mask decay.</param>
    public static void Multiply(float* weight, NMMask mask, float* result, float pruned = 0) =>
        MaskedEntries.Run(mask, new Operation { Weight = weight, Result = result, Pruned = pruned });

    private struct Operation : IMaskedOperation
    {
        public float* Weight;
        public float* Result;
        public float Pruned;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Apply<TLanes, TVec>(nint entry, uint kept)
            where TLanes : struct, ILanes<TVec>
            where TVec : unmanaged
        {
            TVec weight = TLanes.Load(Weight + entry);
            TVec remains = TLanes.Multiply(TLanes.Create(Pruned), weight);
            TLanes.Store(TLanes.SelectByBits(kept, weight, remains), Result + entry);
        }
    }
}
