using System.Numerics;
using System.Runtime.Intrinsics;

namespace BiMaskGen.Masks;

/// <summary>Finds weights that no mask can be made from.</summary>
public static unsafe class WeightCheck
{
    private const int LargestFinite = 0x7F7F_FFFF;

    /// <summary>The index of the first NaN or infinity, or −1 if every weight is finite.</summary>
    /// <param name="weight">W, in any order.</param>
    public static int FirstNonFinite(ReadOnlySpan<float> weight)
    {
        fixed (float* source = weight)
        {
            int* bits = (int*)source;
            return Vector512.IsHardwareAccelerated ? First<Simd512, Vector512<int>>(bits, weight.Length)
                : Vector256.IsHardwareAccelerated ? First<Simd256, Vector256<int>>(bits, weight.Length)
                : First<Simd128, Vector128<int>>(bits, weight.Length);
        }
    }

    private static int First<TSimd, TVector>(int* weight, int length)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        TVector magnitude = TSimd.Broadcast(GroupRanking.Magnitude);
        TVector largest = TSimd.Broadcast(LargestFinite);
        int i = 0;
        for (; i <= length - TSimd.Lanes; i += TSimd.Lanes)
        {
            uint found = TSimd.Signs(TSimd.Greater(TSimd.And(TSimd.Load(weight + i), magnitude), largest));
            if (found != 0)
            {
                return i + BitOperations.TrailingZeroCount(found);
            }
        }

        for (; i < length; i++)
        {
            if ((weight[i] & GroupRanking.Magnitude) > LargestFinite)
            {
                return i;
            }
        }

        return -1;
    }
}
