using System.Runtime.CompilerServices;

namespace BiMaskGen.Masks;

// Up to 64 groups side by side: lane and bit g belong to group g. Only the comparisons are done on vectors; who is kept follows from their
// bits by and, or, xor, for all groups at once. Member j beats member i if |j| > |i|, or |j| = |i| and j < i: ties go to the lower position.
// The bits of |w| compare as integers just as the numbers do (zeros of either sign alike, denormals exactly).

/// <summary>The top N of the members of many groups.</summary>
internal readonly unsafe ref struct GroupRanking
{
    /// <summary>The most groups at a time.</summary>
    internal const int Groups = 64;

    /// <summary>Clears the sign of a float, which leaves the bits of |w|.</summary>
    internal const int Magnitude = int.MaxValue;

    // Vectors that are not aligned would straddle cache lines.
    private const int Alignment = 64;

    private readonly int _members;
    private readonly int* _keys;
    private readonly ulong* _higher;

    /// <summary>Works in memory that is neither cleared nor aligned.</summary>
    /// <param name="memory"><see cref="Bytes"/> bytes.</param>
    /// <param name="members">Members of a group, at most 32.</param>
    internal GroupRanking(byte* memory, int members)
    {
        _members = members;
        _keys = (int*)(((nint)memory + Alignment - 1) & -Alignment);
        Candidates = (ulong*)(_keys + (members * Groups));
        Kept = Candidates + members;
        _higher = Kept + members;
    }

    /// <summary>Which groups' member i may be kept, for each i; to be written before <see cref="Keep"/>.</summary>
    internal ulong* Candidates { get; }

    /// <summary>Which groups keep member i, for each i.</summary>
    internal ulong* Kept { get; }

    /// <summary>Bytes of memory that so many members need.</summary>
    internal static int Bytes(int members) =>
        Alignment + (members * ((Groups * sizeof(int)) + ((2 + members) * sizeof(ulong))));

    /// <summary>The bits of |w| of member i in every group; to be written before <see cref="Keep"/>.</summary>
    internal int* Keys(int i) => _keys + (i * Groups);

    /// <summary>Writes the keys of member i from weights, which may be the keys themselves.</summary>
    internal void SetKeys<TSimd, TVector>(int i, int* weight, int count)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        TVector magnitude = TSimd.Broadcast(Magnitude);
        int* keys = Keys(i);
        int g = 0;
        for (; g <= count - TSimd.Lanes; g += TSimd.Lanes)
        {
            TSimd.Store(TSimd.And(TSimd.Load(weight + g), magnitude), keys + g);
        }

        for (; g < count; g++)
        {
            keys[g] = weight[g] & Magnitude;
        }
    }

    /// <summary>Keeps the N largest candidates of every group.</summary>
    /// <param name="n">N.</param>
    /// <param name="groups">Groups that are there; of the others no member may be a candidate.</param>
    internal void Keep<TSimd, TVector>(int n, int groups)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        // What stands in lanes past the last group is compared, but is no candidate.
        int lanes = (groups + TSimd.Lanes - 1) / TSimd.Lanes * TSimd.Lanes;
        if (n == 1)
        {
            Largest<TSimd, TVector>(_keys, Candidates, _members, lanes, Kept);
        }
        else
        {
            Compare<TSimd, TVector>(_keys, _members, lanes, _higher);
            if (n == 2)
            {
                BeatenByOneAtMost(_higher, Candidates, _members, Kept);
            }
            else
            {
                BeatenByFewer(_higher, Candidates, _members, n, Kept);
            }
        }
    }

    /// <summary>N = 1: the last candidate that is larger than all before it.</summary>
    private static void Largest<TSimd, TVector>(int* keys, ulong* candidates, int members, int lanes, ulong* kept)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        TVector laneBits = TSimd.LaneBits, below = TSimd.Broadcast(-1);
        new Span<ulong>(kept, members).Clear();
        for (int lane = 0; lane < lanes; lane += TSimd.Lanes)
        {
            TVector largest = below;
            for (int i = 0; i < members; i++)
            {
                TVector isCandidate = TSimd.Equal(TSimd.And(TSimd.Broadcast((int)(uint)(candidates[i] >> lane)), laneBits), laneBits);
                TVector key = TSimd.Select(isCandidate, TSimd.Load(keys + (i * Groups) + lane), below);
                kept[i] |= (ulong)TSimd.Signs(TSimd.Greater(key, largest)) << lane;
                largest = TSimd.Max(largest, key);
            }
        }

        ulong later = 0;
        for (int i = members - 1; i >= 0; i--)
        {
            ulong larger = kept[i];
            kept[i] = larger & ~later;
            later |= larger;
        }
    }

    /// <summary>higher[i · members + j], i &lt; j: the groups in which member j is larger than member i.</summary>
    private static void Compare<TSimd, TVector>(int* keys, int members, int lanes, ulong* higher)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        for (int i = 0; i < members; i++)
        {
            int* lower = keys + (i * Groups);
            for (int j = i + 1; j < members; j++)
            {
                int* upper = keys + (j * Groups);
                ulong word = 0;
                for (int lane = 0; lane < lanes; lane += TSimd.Lanes)
                {
                    word |= (ulong)TSimd.Signs(TSimd.Greater(TSimd.Load(upper + lane), TSimd.Load(lower + lane))) << lane;
                }

                higher[(i * members) + j] = word;
            }
        }
    }

    /// <summary>N = 2, by far the most frequent above 1.</summary>
    private static void BeatenByOneAtMost(ulong* higher, ulong* candidates, int members, ulong* kept)
    {
        for (int i = 0; i < members; i++)
        {
            ulong once = 0, twice = 0;
            for (int j = 0; j < i; j++)
            {
                ulong beats = candidates[j] & ~higher[(j * members) + i];
                twice |= once & beats;
                once |= beats;
            }

            for (int j = i + 1; j < members; j++)
            {
                ulong beats = candidates[j] & higher[(i * members) + j];
                twice |= once & beats;
                once |= beats;
            }

            kept[i] = candidates[i] & ~twice;
        }
    }

    /// <summary>Candidates that fewer than N candidates beat. They are counted in binary, a word for each digit.</summary>
    private static void BeatenByFewer(ulong* higher, ulong* candidates, int members, int n, ulong* kept)
    {
        for (int i = 0; i < members; i++)
        {
            ulong ones = 0, twos = 0, fours = 0, eights = 0, sixteens = 0;
            for (int j = 0; j < members; j++)
            {
                if (j == i)
                {
                    continue;
                }

                ulong carry = candidates[j] & (j > i ? higher[(i * members) + j] : ~higher[(j * members) + i]);
                (ones, carry) = (ones ^ carry, ones & carry);
                (twos, carry) = (twos ^ carry, twos & carry);
                if (members > 4)
                {
                    (fours, carry) = (fours ^ carry, fours & carry);
                    (eights, carry) = (eights ^ carry, eights & carry);
                    sixteens ^= carry;
                }
            }

            // From the highest digit down: fewer than N where a digit of N is one, that of the count is not, and all above agree.
            ulong fewer = 0, equal = ulong.MaxValue;
            Digit(n >> 4, sixteens, ref fewer, ref equal);
            Digit(n >> 3, eights, ref fewer, ref equal);
            Digit(n >> 2, fours, ref fewer, ref equal);
            Digit(n >> 1, twos, ref fewer, ref equal);
            Digit(n, ones, ref fewer, ref equal);
            kept[i] = candidates[i] & fewer;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Digit(int digit, ulong count, ref ulong fewer, ref ulong equal)
    {
        if ((digit & 1) != 0)
        {
            fewer |= equal & ~count;
            equal &= count;
        }
        else
        {
            equal &= ~count;
        }
    }
}
