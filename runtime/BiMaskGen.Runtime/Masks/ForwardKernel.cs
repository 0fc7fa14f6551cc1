using System.Runtime.CompilerServices;

namespace BiMaskGen.Masks;

/// <summary>
/// One row of the forward mask. M = 4 and M = 2 fit the four lanes that x86 and ARM shuffle cheaply: every weight meets its neighbours
/// in place and the signs of the result are the mask's bits, so this runs at the speed of memory. Any other M is transposed first, one
/// group to a lane, and ranked by <see cref="RankKernel"/>. A row's end is copied into a buffer of zeros and handled like the rest:
/// a zero at a higher index beats nothing.
/// </summary>
internal static unsafe class ForwardKernel
{
    private const int WordBits = 64;

    /// <summary>Computes a row of the mask.</summary>
    /// <param name="pattern">N:M.</param>
    /// <param name="weight">The bits of the row's weights.</param>
    /// <param name="columns">in_features.</param>
    /// <param name="words">The mask's row, overwritten.</param>
    public static void Row<TSimd, TVector>(NMPattern pattern, int* weight, int columns, ulong* words)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        if (pattern.M is 2 or 4)
        {
            RowInPlace<TSimd, TVector>(pattern, weight, columns, words);
        }
        else
        {
            RowOfGroups<TSimd, TVector>(pattern, weight, columns, words);
        }
    }

    private static void RowInPlace<TSimd, TVector>(NMPattern pattern, int* weight, int columns, ulong* words)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        int whole = columns / WordBits;
        for (int i = 0; i < whole; i++)
        {
            words[i] = Word<TSimd, TVector>(pattern, weight + (i * WordBits));
        }

        int rest = columns % WordBits;
        if (rest != 0)
        {
            int* buffer = stackalloc int[WordBits];
            CopyPadded(weight + (whole * WordBits), rest, buffer, WordBits);
            words[whole] = Word<TSimd, TVector>(pattern, buffer) & ((1ul << rest) - 1);
        }
    }

    private static ulong Word<TSimd, TVector>(NMPattern pattern, int* weight)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged =>
        pattern.M == 2 ? WordOfPairs<TSimd, TVector>(weight) : WordOfFours<TSimd, TVector>(pattern.N, weight);

    private static ulong WordOfPairs<TSimd, TVector>(int* weight)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        TVector magnitude = TSimd.Broadcast(RankKernel.Magnitude);
        // 1:2. The higher of a pair needs more than the lower; the lower needs no less than the higher.
        TVector isLower = TSimd.RepeatFour(1, 1);
        ulong word = 0;
        for (int column = 0; column < WordBits; column += TSimd.Lanes)
        {
            TVector key = TSimd.And(TSimd.Load(weight + column), magnitude);
            TVector kept = TSimd.Greater(TSimd.Add(key, isLower), TSimd.SwapPairs(key));
            word |= (ulong)TSimd.Signs(kept) << column;
        }

        return word;
    }

    private static ulong WordOfFours<TSimd, TVector>(int n, int* weight)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        TVector limit = TSimd.Broadcast(n);
        TVector magnitude = TSimd.Broadcast(RankKernel.Magnitude);
        // A rotation by d brings lane i its neighbour i + d; where that wraps, the neighbour has the lower index and wins a tie.
        TVector wraps1 = TSimd.RepeatFour(0, 1ul << 32);
        TVector wraps2 = TSimd.RepeatFour(0, 1 | (1ul << 32));
        TVector wraps3 = TSimd.RepeatFour(1ul << 32, 1 | (1ul << 32));
        ulong word = 0;
        for (int column = 0; column < WordBits; column += TSimd.Lanes)
        {
            TVector key = TSimd.And(TSimd.Load(weight + column), magnitude);
            TVector beats1 = TSimd.Greater(TSimd.RotateFour1(key), TSimd.Subtract(key, wraps1));
            TVector beats2 = TSimd.Greater(TSimd.RotateFour2(key), TSimd.Subtract(key, wraps2));
            TVector beats3 = TSimd.Greater(TSimd.RotateFour3(key), TSimd.Subtract(key, wraps3));
            // The comparisons are 0 or −1: limit + their sum > 0 says that fewer than N neighbours won.
            TVector left = TSimd.Add(TSimd.Add(limit, beats1), TSimd.Add(beats2, beats3));
            word |= (ulong)TSimd.Signs(TSimd.Greater(left, TSimd.Zero)) << column;
        }

        return word;
    }

    [SkipLocalsInit]
    private static void RowOfGroups<TSimd, TVector>(NMPattern pattern, int* weight, int columns, ulong* words)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        new Span<ulong>(words, (columns + WordBits - 1) / WordBits).Clear();
        int m = pattern.M;
        int batch = m * TSimd.Lanes;
        int* buffer = stackalloc int[batch];
        int* transposed = stackalloc int[batch];
        uint* kept = stackalloc uint[TSimd.Lanes];
        int count;
        for (int rest = columns; rest > 0; rest -= count)
        {
            int first = columns - rest;
            count = Math.Min(batch, rest);
            int* source = weight + first;
            if (count < batch)
            {
                CopyPadded(source, count, buffer, batch);
                source = buffer;
            }

            Transpose(source, m, TSimd.Lanes, transposed);
            KeepBatch<TSimd, TVector>(pattern, transposed, kept);
            for (int group = 0; group * m < count; group++)
            {
                int members = Math.Min(m, count - (group * m));
                Append(words, first + (group * m), kept[group] & (uint)((1ul << members) - 1));
            }
        }
    }

    [SkipLocalsInit]
    private static void KeepBatch<TSimd, TVector>(NMPattern pattern, int* transposed, uint* groups)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        TVector* keys = stackalloc TVector[pattern.M];
        TVector* kept = stackalloc TVector[pattern.M];
        TVector magnitude = TSimd.Broadcast(RankKernel.Magnitude);
        for (int i = 0; i < pattern.M; i++)
        {
            keys[i] = TSimd.And(TSimd.Load(transposed + (i * TSimd.Lanes)), magnitude);
        }

        RankKernel.Keep<TSimd, TVector>(keys, pattern.M, pattern.N, kept);
        TVector bits = TSimd.Zero;
        for (int i = 0; i < pattern.M; i++)
        {
            bits = TSimd.Or(bits, TSimd.And(kept[i], TSimd.Broadcast(1 << i)));
        }

        *(TVector*)groups = bits;
    }

    // Entry i of group l goes to [i, l].
    private static void Transpose(int* source, int m, int lanes, int* target)
    {
        for (int lane = 0; lane < lanes; lane++)
        {
            for (int i = 0; i < m; i++)
            {
                target[(i * lanes) + lane] = *source++;
            }
        }
    }

    private static void Append(ulong* words, int bit, uint value)
    {
        int word = bit / WordBits;
        int shift = bit % WordBits;
        words[word] |= (ulong)value << shift;
        ulong carried = shift == 0 ? 0 : (ulong)value >> (WordBits - shift);
        if (carried != 0)
        {
            words[word + 1] |= carried;
        }
    }

    private static void CopyPadded(int* source, int count, int* target, int length)
    {
        new ReadOnlySpan<int>(source, count).CopyTo(new Span<int>(target, length));
        new Span<int>(target + count, length - count).Clear();
    }
}
