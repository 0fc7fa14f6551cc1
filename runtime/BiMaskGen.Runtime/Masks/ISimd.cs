namespace BiMaskGen.Masks;

/// <summary>
/// What a mask kernel needs of a vector of 32-bit lanes. A kernel is written once over this and runs on 512, 256 or 128 bits.
/// </summary>
/// <typeparam name="TVector">The vector.</typeparam>
internal unsafe interface ISimd<TVector> where TVector : unmanaged
{
    static abstract int Lanes { get; }

    static abstract TVector Zero { get; }

    /// <summary>Lane i holds 1 &lt;&lt; i.</summary>
    static abstract TVector LaneBits { get; }

    static abstract TVector Load(int* source);

    static abstract void Store(TVector a, int* destination);

    static abstract TVector Broadcast(int value);

    /// <summary>Four lanes, repeated over the vector; the first lane is the low half of <paramref name="first"/>.</summary>
    static abstract TVector RepeatFour(ulong first, ulong last);

    static abstract TVector And(TVector a, TVector b);

    static abstract TVector Or(TVector a, TVector b);

    static abstract TVector Not(TVector a);

    static abstract TVector Add(TVector a, TVector b);

    static abstract TVector Subtract(TVector a, TVector b);

    static abstract TVector Max(TVector a, TVector b);

    /// <summary>All ones (−1) where a &gt; b, else zero.</summary>
    static abstract TVector Greater(TVector a, TVector b);

    /// <summary>All ones (−1) where a = b, else zero.</summary>
    static abstract TVector Equal(TVector a, TVector b);

    /// <summary>Bits of <paramref name="a"/> where the mask is one, of <paramref name="b"/> elsewhere.</summary>
    static abstract TVector Select(TVector mask, TVector a, TVector b);

    /// <summary>The sign of every lane, lane i in bit i.</summary>
    static abstract uint Signs(TVector a);

    /// <summary>In every pair of lanes, each takes the other.</summary>
    static abstract TVector SwapPairs(TVector a);

    /// <summary>In every run of four lanes, lane i takes lane (i + 1) mod 4.</summary>
    static abstract TVector RotateFour1(TVector a);

    /// <summary>In every run of four lanes, lane i takes lane (i + 2) mod 4.</summary>
    static abstract TVector RotateFour2(TVector a);

    /// <summary>In every run of four lanes, lane i takes lane (i + 3) mod 4.</summary>
    static abstract TVector RotateFour3(TVector a);
}
