namespace BiMaskGen.Permutations;

/// <summary>The generator of Steele, Lea and Flood (2014): the same numbers on every machine and runtime version.</summary>
internal struct SplitMix64(ulong state)
{
    private const ulong Increment = 0x9E37_79B9_7F4A_7C15;

    private ulong _state = state;

    /// <summary>The generator of one candidate: candidates do not depend on how many are drawn, or by whom.</summary>
    public static SplitMix64 For(int seed, long step, int candidate)
    {
        ulong state = Mix((uint)seed + Increment);
        state = Mix(state ^ (ulong)step);
        return new SplitMix64(Mix(state + ((ulong)candidate * Increment)));
    }

    /// <summary>The next 64 bits.</summary>
    public ulong Next() => Mix(_state += Increment);

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

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return z ^ (z >> 31);
    }
}
