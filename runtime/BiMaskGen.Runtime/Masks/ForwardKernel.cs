using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using BiMaskGen.Kernels.Cpu;

namespace BiMaskGen.Masks;

/// <summary>
/// One row of the forward mask. M = 4 and M = 2 fit the four lanes that x86 and ARM shuffle cheaply: every weight meets its neighbours
/// in place and the signs of the result are the mask's bits, so this runs at the speed of memory; there a row's end is copied into a buffer of
/// zeros, for a zero at a higher index beats nothing. Any other M is transposed first, one group to a lane, and goes through
/// <see cref="GroupRanking"/>.
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
        TVector magnitude = TSimd.Broadcast(GroupRanking.Magnitude);
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
        TVector magnitude = TSimd.Broadcast(GroupRanking.Magnitude);
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
        int m = pattern.M;
        ulong every = EveryMth(m);
        byte* memory = stackalloc byte[GroupRanking.Bytes(m)];
        GroupRanking ranking = new(memory, m);
        for (int first = 0; first < columns; first += GroupRanking.Groups * m)
        {
            int count = Math.Min(GroupRanking.Groups * m, columns - first);
            int whole = count / m, rest = count % m, groups = rest > 0 ? whole + 1 : whole;
            Transposition.Run((float*)(weight + first), m, whole, m, (float*)ranking.Keys(0), GroupRanking.Groups);
            for (int i = 0; i < m; i++)
            {
                ulong candidates = whole == GroupRanking.Groups ? ulong.MaxValue : (1ul << whole) - 1;
                if (i < rest)
                {
                    candidates |= 1ul << whole;
                    ranking.Keys(i)[whole] = weight[first + (whole * m) + i];
                }

                ranking.Candidates[i] = candidates;
                ranking.SetKeys<TSimd, TVector>(i, ranking.Keys(i), groups);
            }

            ranking.Keep<TSimd, TVector>(pattern.N, groups);
            for (int word = 0; word * WordBits < count; word++)
            {
                words[(first / WordBits) + word] = Interleaved(ranking.Kept, m, every, word);
            }
        }
    }

    /// <summary>Word w of the mask, in which group g's member i is bit g · M + i.</summary>
    private static ulong Interleaved(ulong* kept, int m, ulong every, int word)
    {
        // The word begins within a group, with its member `first`.
        int group = word * WordBits / m, first = (word * WordBits) - (group * m);
        ulong bits = 0;
        for (int i = first; i < m; i++)
        {
            bits |= Spread(kept[i] >> group, every, m) << (i - first);
        }

        if (group + 1 < GroupRanking.Groups)
        {
            for (int i = 0; i < first; i++)
            {
                bits |= Spread(kept[i] >> (group + 1), every, m) << (m - first + i);
            }
        }

        return bits;
    }

    /// <summary>Bit g of the value at bit g · M.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Spread(ulong value, ulong every, int m)
    {
        if (Bmi2.X64.IsSupported)
        {
            return Bmi2.X64.ParallelBitDeposit(value, every);
        }

        ulong spread = 0;
        for (int bit = 0; bit < WordBits && value != 0; bit += m, value >>= 1)
        {
            spread |= (value & 1) << bit;
        }

        return spread;
    }

    private static void CopyPadded(int* source, int count, int* target, int length)
    {
        new ReadOnlySpan<int>(source, count).CopyTo(new Span<int>(target, length));
        new Span<int>(target + count, length - count).Clear();
    }

    private static ulong EveryMth(int m)
    {
        ulong bits = 0;
        for (int bit = 0; bit < WordBits; bit += m)
        {
            bits |= 1ul << bit;
        }

        return bits;
    }
}
