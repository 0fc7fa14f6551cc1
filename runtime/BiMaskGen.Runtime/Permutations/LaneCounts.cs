using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BiMaskGen.Permutations;

/// <summary>
/// |query ∩ set| for many sets, the inner loop of every search. To count the ones of a vector takes eight operations; so 8 words are first
/// added up by carry-save adders (Harley and Seal), two operations for each on AVX-512, and of 8 vectors only the one of the eights is
/// counted.
/// </summary>
internal static unsafe class LaneCounts
{
    /// <summary>Sets of a block.</summary>
    public const int Lanes = 8;

    private const int Step = 8;

    /// <summary>Counts the common members of the query and each set of some blocks.</summary>
    /// <param name="query">The query.</param>
    /// <param name="block">The first block.</param>
    /// <param name="words">Words of the query, and of each set to look at.</param>
    /// <param name="stride">Words from one block to the next.</param>
    /// <param name="blocks">Blocks.</param>
    /// <param name="counts">8 numbers per block.</param>
    public static void Count(ulong* query, ulong* block, int words, nint stride, int blocks, int* counts)
    {
        if (Avx512BW.IsSupported)
        {
            Count<Lanes512>(query, block, words, stride, blocks, counts);
        }
        else if (Avx2.IsSupported)
        {
            Count<Lanes256>(query, block, words, stride, blocks, counts);
        }
        else
        {
            Count<Lanes64>(query, block, words, stride, blocks, counts);
        }
    }

    /// <summary>The same with a given register.</summary>
    internal static void Count<TVector>(ulong* query, ulong* block, int words, nint stride, int blocks, int* counts)
        where TVector : unmanaged, ILaneVector<TVector>
    {
        int width = sizeof(TVector) / sizeof(ulong);
        for (; blocks > 0; blocks--, block += stride, counts += Lanes)
        {
            for (int lane = 0; lane < Lanes; lane += width)
            {
                TVector.Store(Sum<TVector>(query, block + lane, words), counts + lane);
            }
        }
    }

    /// <summary>The largest of the numbers of whole blocks.</summary>
    public static int Largest(ReadOnlySpan<int> numbers)
    {
        Vector256<int> largest = Vector256.Create(int.MinValue);
        foreach (Vector256<int> block in MemoryMarshal.Cast<int, Vector256<int>>(numbers))
        {
            largest = Vector256.Max(largest, block);
        }

        Vector128<int> half = Vector128.Max(largest.GetLower(), largest.GetUpper());
        return Math.Max(Math.Max(half[0], half[1]), Math.Max(half[2], half[3]));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Sum<TVector>(ulong* query, ulong* lanes, int words)
        where TVector : unmanaged, ILaneVector<TVector>
    {
        TVector ones = default;
        TVector twos = default;
        TVector fours = default;
        TVector eights = default;
        ulong* end = query + words;
        for (; query <= end - Step; query += Step, lanes += Step * Lanes)
        {
            TVector twosA = TVector.AddBits(ref ones, Common<TVector>(query, lanes, 0), Common<TVector>(query, lanes, 1));
            TVector twosB = TVector.AddBits(ref ones, Common<TVector>(query, lanes, 2), Common<TVector>(query, lanes, 3));
            TVector foursA = TVector.AddBits(ref twos, twosA, twosB);
            twosA = TVector.AddBits(ref ones, Common<TVector>(query, lanes, 4), Common<TVector>(query, lanes, 5));
            twosB = TVector.AddBits(ref ones, Common<TVector>(query, lanes, 6), Common<TVector>(query, lanes, 7));
            TVector foursB = TVector.AddBits(ref twos, twosA, twosB);
            eights = TVector.Add(eights, TVector.Ones(TVector.AddBits(ref fours, foursA, foursB)));
        }

        TVector sum = DoubleAndAdd(eights, TVector.Ones(fours));
        sum = DoubleAndAdd(sum, TVector.Ones(twos));
        sum = DoubleAndAdd(sum, TVector.Ones(ones));
        for (; query < end; query++, lanes += Lanes)
        {
            sum = TVector.Add(sum, TVector.Ones(Common<TVector>(query, lanes, 0)));
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Common<TVector>(ulong* query, ulong* lanes, nint word)
        where TVector : unmanaged, ILaneVector<TVector> =>
        TVector.Common(query[word], lanes + (word * Lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector DoubleAndAdd<TVector>(TVector a, TVector b)
        where TVector : unmanaged, ILaneVector<TVector> =>
        TVector.Add(TVector.Add(a, a), b);
}
