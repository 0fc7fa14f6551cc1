using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using BiMaskGen.Permutations;

namespace BiMaskGen.Kernels.Cpu;

/// <summary>Pairs of numbers in [0, 1), 24 bits each: pair i is a function of the generator and i alone.</summary>
internal static unsafe class UniformPairs
{
    private const float Unit = 1f / (1 << 24);

    /// <summary>Writes the pairs of some consecutive places.</summary>
    /// <param name="generator">The generator at place 0.</param>
    /// <param name="place">The first place.</param>
    /// <param name="count">How many.</param>
    /// <param name="first">The first number of each pair.</param>
    /// <param name="second">The second.</param>
    internal static void Fill(SplitMix64 generator, ulong place, int count, float* first, float* second)
    {
        int i = 0;
        if (Vector512.IsHardwareAccelerated && VectorWidth.Bits == 512)
        {
            for (; i <= count - 16; i += 16)
            {
                Vector512<ulong> low = generator.Eight(place + (uint)i), high = generator.Eight(place + (uint)i + 8);
                Numbers(Vector512.Narrow(low >>> 32, high >>> 32)).Store(first + i);
                Numbers(Vector512.Narrow(low & Vector512.Create(0xffff_fffful), high & Vector512.Create(0xffff_fffful))).Store(second + i);
            }
        }

        SplitMix64 next = generator.Skip(place + (uint)i);
        for (; i < count; i++)
        {
            ulong bits = next.Next();
            first[i] = (bits >> 40) * Unit;
            second[i] = (((uint)bits) >> 8) * Unit;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Numbers(Vector512<uint> bits) => Vector512.ConvertToSingle((bits >>> 8).AsInt32()) * Unit;
}
