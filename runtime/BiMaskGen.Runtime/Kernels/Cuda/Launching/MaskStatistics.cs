using System.Runtime.InteropServices;

namespace BiMaskGen.Kernels.Cuda;

/// <summary>What the mask pass says of a weight. On the GPU: counters to be summed, then flags.</summary>
/// <param name="Kept">Σ Mb.</param>
/// <param name="Flags">What is wrong with the weight; 0 if nothing is.</param>
internal readonly record struct MaskStatistics(long Kept, uint Flags)
{
    /// <summary>Where the flags begin.</summary>
    public const int FlagsOffset = LaunchPlan.Counters * sizeof(ulong);

    /// <summary>Bytes on the GPU; they have to be zero before the pass.</summary>
    public const int Bytes = FlagsOffset + sizeof(ulong);

    /// <summary>Flag: a weight is NaN or infinite.</summary>
    public const uint NonFinite = 1;

    /// <summary>Flag: a weight is finite, but infinite in the operands' narrower type.</summary>
    public const uint Overflow = 2;

    /// <summary>Reads what the GPU has written.</summary>
    public static MaskStatistics Read(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes[..Bytes]);
        ulong kept = 0;
        foreach (ulong counter in words[..LaunchPlan.Counters])
        {
            kept += counter;
        }

        return new MaskStatistics((long)kept, (uint)words[LaunchPlan.Counters]);
    }
}
