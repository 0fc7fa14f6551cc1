using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BiMaskGen.Permutations;

/// <summary>The generator of Steele, Lea and Flood (2014): the same numbers on every machine and runtime version.</summary>
internal struct SplitMix64(ulong state)
{
    private const ulong Increment = 0x9E37_79B9_7F4A_7C15;
    private const ulong FirstFactor = 0xBF58_476D_1CE4_E5B9;
    private const ulong SecondFactor = 0x94D0_49BB_1331_11EB;

    private ulong _state = state;

    /// <summary>What its next numbers are a function of.</summary>
    public readonly ulong State => _state;

    /// <summary>The generator of one candidate: candidates do not depend on how many are drawn, or by whom.</summary>
    public static SplitMix64 For(int seed, long step, int candidate)
    {
        ulong state = Mix((uint)seed + Increment);
        state = Mix(state ^ (ulong)step);
        return new SplitMix64(Mix(state + ((ulong)candidate * Increment)));
    }

    /// <summary>The next 64 bits.</summary>
    public ulong Next() => Mix(_state += Increment);

    /// <summary>The generator after so many numbers.</summary>
    public readonly SplitMix64 Skip(ulong count) => new(_state + (count * Increment));

    /// <summary>Eight numbers at once, those that follow after so many.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Vector512<ulong> Eight(ulong skip)
    {
        Vector512<ulong> z = Vector512.Create(_state + (skip * Increment)) + (Vector512.Create(1ul, 2, 3, 4, 5, 6, 7, 8) * Increment);
        z = (z ^ (z >>> 30)) * FirstFactor;
        z = (z ^ (z >>> 27)) * SecondFactor;
        return z ^ (z >>> 31);
    }

    /// <summary>A number in [0, bound), each equally likely.</summary>
    public int NextBelow(int bound)
    {
        uint limit = (uint)bound;
        // Lemire's method: the product's high half is the number, its low half says whether the draw lies in the biased rest.
        uint threshold = (0u - limit) % limit;
        ulong product;
        do
        {
            product = (Next() >> 32) * limit;
        }
        while ((uint)product < threshold);

        return (int)(product >> 32);
    }

    /// <summary>Draws an order, each equally likely (Fisher–Yates).</summary>
    public void Shuffle(Span<int> numbers)
    {
        for (int i = numbers.Length - 1; i > 0; i--)
        {
            int j = NextBelow(i + 1);
            (numbers[i], numbers[j]) = (numbers[j], numbers[i]);
        }
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * FirstFactor;
        z = (z ^ (z >> 27)) * SecondFactor;
        return z ^ (z >> 31);
    }
}
