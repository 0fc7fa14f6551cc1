namespace BiMaskGen.Masks;

/// <summary>
/// The top N of M, for as many groups at once as a vector has lanes: lane l of vector i is member i of group l. Nothing is sorted: a
/// member is kept if fewer than N members beat it, and member j beats member i if |j| &gt; |i|, or |j| = |i| and j &lt; i. The bits of
/// |w| compare as integers just as the numbers do (zeros of either sign alike, denormals exactly); −1 stands below every weight.
/// </summary>
internal static unsafe class RankKernel
{
    /// <summary>Clears the sign of a float, which leaves the bits of |w|.</summary>
    public const int Magnitude = int.MaxValue;

    /// <summary>Finds the kept members.</summary>
    /// <param name="keys">One vector for each member.</param>
    /// <param name="members">Members of a group, M or the remainder.</param>
    /// <param name="n">Members kept.</param>
    /// <param name="kept">One vector for each member: all ones in the lanes where it is kept.</param>
    public static void Keep<TSimd, TVector>(TVector* keys, int members, int n, TVector* kept)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        if (n == 1)
        {
            KeepFirst<TSimd, TVector>(keys, members, kept);
            return;
        }

        TVector limit = TSimd.Broadcast(n);
        TVector one = TSimd.Broadcast(1);
        for (int i = 0; i < members; i++)
        {
            TVector key = keys[i];
            // j < i beats i if |j| >= |i|: the same comparison, one lower.
            TVector below = TSimd.Subtract(key, one);
            TVector beatenBy = TSimd.Zero;
            for (int j = 0; j < i; j++)
            {
                beatenBy = TSimd.Subtract(beatenBy, TSimd.Greater(keys[j], below));
            }

            for (int j = i + 1; j < members; j++)
            {
                beatenBy = TSimd.Subtract(beatenBy, TSimd.Greater(keys[j], key));
            }

            kept[i] = TSimd.Greater(limit, beatenBy);
        }
    }

    // N = 1 is the running maximum: one pass instead of M².
    private static void KeepFirst<TSimd, TVector>(TVector* keys, int members, TVector* kept)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        TVector largest = keys[0];
        TVector index = TSimd.Zero;
        for (int i = 1; i < members; i++)
        {
            TVector larger = TSimd.Greater(keys[i], largest);
            largest = TSimd.Max(largest, keys[i]);
            index = TSimd.Select(larger, TSimd.Broadcast(i), index);
        }

        for (int i = 0; i < members; i++)
        {
            kept[i] = TSimd.Equal(index, TSimd.Broadcast(i));
        }
    }
}
