using System.Runtime.CompilerServices;
using BiMaskGen.Masks;

namespace BiMaskGen.Kernels.Cpu;

/// <summary>The decay of pruned weights (SR-STE) that enters the weight gradient.</summary>
public static unsafe class DecayGradient
{
    /// <summary>gradient += λ (1 − mask) ⊙ W.</summary>
    /// <param name="gradient">dW, row-major, of the mask's shape.</param>
    /// <param name="weight">W.</param>
    /// <param name="forward">Mf.</param>
    /// <param name="lambda">λ.</param>
    public static void Add(float* gradient, float* weight, NMMask forward, float lambda) =>
        MaskedEntries.Run(forward, new Operation { Gradient = gradient, Weight = weight, Lambda = lambda });

    private struct Operation : IMaskedOperation
    {
        public float* Gradient;
        public float* Weight;
        public float Lambda;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Apply<TLanes, TVec>(nint entry, uint kept)
            where TLanes : struct, ILanes<TVec>
            where TVec : unmanaged
        {
            TVec gradient = TLanes.Load(Gradient + entry);
            TVec decayed = TLanes.MultiplyAdd(TLanes.Create(Lambda), TLanes.Load(Weight + entry), gradient);
            TLanes.Store(TLanes.SelectByBits(kept, gradient, decayed), Gradient + entry);
        }
    }
}
