using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace BiMaskGen.Training;

/// <summary>
/// A 64-bit fingerprint of a weight's bits, read at memory speed before each use of a layer, so that masks and packed weights are
/// never stale whatever wrote to the tensor. torch's version counter cannot serve: raw writes and <c>Module.load</c> do not move it.
/// </summary>
/// <remarks>
/// Each of 32 lanes keeps two 32-bit states, s ← (s ⊕ d) · odd with two multipliers. A step is a bijection of s, so a change of one
/// word always changes its lane; several changes cancel with probability 2⁻⁶⁴. The lanes do not depend on the vector width.
/// </remarks>
internal static class WeightFingerprint
{
    private const int Lanes = 32;
    private const uint FirstMultiplier = 0x9E3779B1;
    private const uint SecondMultiplier = 0x85EBCA77;

    /// <summary>The fingerprint of the values' bits.</summary>
    public static ulong Of(ReadOnlySpan<float> values)
    {
        ReadOnlySpan<uint> words = MemoryMarshal.Cast<float, uint>(values);
        ref uint start = ref MemoryMarshal.GetReference(words);
        Vector512<uint> first = Vector512.Create(FirstMultiplier), second = Vector512.Create(SecondMultiplier);
        Vector512<uint> a0 = Vector512.Create(1u), a1 = Vector512.Create(2u), b0 = Vector512.Create(3u), b1 = Vector512.Create(4u);

        int whole = words.Length - (words.Length % Lanes);
        for (int i = 0; i < whole; i += Lanes)
        {
            Vector512<uint> low = Vector512.LoadUnsafe(ref start, (nuint)i), high = Vector512.LoadUnsafe(ref start, (nuint)i + 16);
            a0 = (a0 ^ low) * first;
            a1 = (a1 ^ high) * first;
            b0 = (b0 ^ low) * second;
            b1 = (b1 ^ high) * second;
        }

        ulong hash = Mix((ulong)words.Length);
        hash = Fold(hash, a0, b0);
        hash = Fold(hash, a1, b1);
        foreach (uint word in words[whole..])
        {
            hash = Mix(hash ^ word);
        }

        return hash;
    }

    private static ulong Fold(ulong hash, Vector512<uint> a, Vector512<uint> b)
    {
        for (int lane = 0; lane < Vector512<uint>.Count; lane++)
        {
            hash = Mix(hash ^ (((ulong)a[lane] << 32) | b[lane]));
        }

        return hash;
    }

    // The finaliser of SplitMix64: a bijection, so that a change in any lane reaches the result.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong z)
    {
        z += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
