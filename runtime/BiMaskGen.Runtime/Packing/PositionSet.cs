using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BiMaskGen.Packing;

/// <summary>A set of positions of a block, one bit for each of up to 128.</summary>
internal readonly struct PositionSet(ulong low, ulong high)
{
    private readonly ulong _low = low, _high = high;

    /// <summary>Bytes that <see cref="Write(byte*)"/> may overwrite after the last position.</summary>
    internal const int Slack = 64;

    internal int Count => BitOperations.PopCount(_low) + BitOperations.PopCount(_high);

    public static PositionSet operator &(PositionSet a, PositionSet b) => new(a._low & b._low, a._high & b._high);

    public static PositionSet operator |(PositionSet a, PositionSet b) => new(a._low | b._low, a._high | b._high);

    /// <summary>What is in a and not in b.</summary>
    public static PositionSet operator -(PositionSet a, PositionSet b) => new(a._low & ~b._low, a._high & ~b._high);

    /// <summary>The first <paramref name="count"/> positions, of at least so many.</summary>
    internal PositionSet First(int count)
    {
        ulong low = First(_low, count);
        return new PositionSet(low, First(_high, count - BitOperations.PopCount(low)));
    }

    /// <summary>Writes the positions in ascending order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal unsafe void Write(byte* positions)
    {
        Write(_low, 0, positions);
        Write(_high, 64, positions + BitOperations.PopCount(_low));
    }

    private static ulong First(ulong bits, int count)
    {
        if (count >= 64)
        {
            return bits;
        }

        if (Bmi2.X64.IsSupported)
        {
            return Bmi2.X64.ParallelBitDeposit((1ul << count) - 1, bits);
        }

        ulong rest = bits;
        for (; count > 0; count--)
        {
            rest &= rest - 1;
        }

        return bits & ~rest;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Write(ulong bits, int first, byte* to)
    {
        if (Avx512Vbmi2.IsSupported)
        {
            // One bit in every byte, its own, stands for the byte's place in the word.
            Vector512<byte> own = Vector512.Create(0x8040201008040201ul).AsByte(), places = Vector512<byte>.Indices;
            Vector512<byte> spread = Vector512.ShuffleNative(Vector512.Create(bits).AsByte(), places >> 3);
            Vector512<byte> kept = Vector512.Equals(spread & own, own);
            Avx512Vbmi2.Compress(Vector512<byte>.Zero, kept, places + Vector512.Create((byte)first)).Store(to);
            return;
        }

        for (; bits != 0; bits &= bits - 1)
        {
            *to++ = (byte)(first + BitOperations.TrailingZeroCount(bits));
        }
    }
}
