using System.Runtime.CompilerServices;

namespace BiMaskGen.Masks;

/// <summary>
/// One group of rows of the backward mask. Columns do not depend on each other, so a lane is a column: the M rows are read side by
/// side, and both masks are touched a word, 64 columns, at a time.
/// </summary>
internal static unsafe class BackwardKernel
{
    private const int WordBits = 64;

    /// <summary>Where a layer's weight and masks lie.</summary>
    internal readonly struct Layer(int* weight, int columns, ulong* forward, ulong* backward, int wordsPerRow)
    {
        public int Columns { get; } = columns;

        public int WordsPerRow { get; } = wordsPerRow;

        public int* Weight(int row, int column) => weight + ((long)row * Columns) + column;

        public ulong* Forward(int row, int word) => forward + ((long)row * WordsPerRow) + word;

        public ulong* Backward(int row, int word) => backward + ((long)row * WordsPerRow) + word;
    }

    /// <summary>Computes the mask rows of a group.</summary>
    /// <param name="n">Weights kept in a column of the group.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="rows">The original rows of the group, in permuted order.</param>
    /// <param name="members">Rows of the group, M or the remainder.</param>
    [SkipLocalsInit]
    public static void Group<TSimd, TVector>(int n, in Layer layer, int* rows, int members)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        TVector* keys = stackalloc TVector[members];
        TVector* kept = stackalloc TVector[members];
        ulong* words = stackalloc ulong[members];
        for (int word = 0; word < layer.WordsPerRow; word++)
        {
            new Span<ulong>(words, members).Clear();
            int count = Math.Min(WordBits, layer.Columns - (word * WordBits));
            for (int bit = 0; bit < count; bit += TSimd.Lanes)
            {
                LoadKeys<TSimd, TVector>(layer, rows, members, word, bit, keys);
                RankKernel.Keep<TSimd, TVector>(keys, members, n, kept);
                for (int i = 0; i < members; i++)
                {
                    words[i] |= (ulong)TSimd.Signs(kept[i]) << bit;
                }
            }

            for (int i = 0; i < members; i++)
            {
                // Forward's bits past the last column are zero, so the lanes past it vanish here too.
                *layer.Backward(rows[i], word) = words[i] & *layer.Forward(rows[i], word);
            }
        }
    }

    private static void LoadKeys<TSimd, TVector>(in Layer layer, int* rows, int members, int word, int bit, TVector* keys)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        TVector magnitude = TSimd.Broadcast(RankKernel.Magnitude);
        TVector laneBits = TSimd.LaneBits;
        TVector below = TSimd.Broadcast(-1);
        int column = (word * WordBits) + bit;
        int count = Math.Min(TSimd.Lanes, layer.Columns - column);
        for (int i = 0; i < members; i++)
        {
            int* source = layer.Weight(rows[i], column);
            TVector weight = count == TSimd.Lanes ? TSimd.Load(source) : LoadFirst<TSimd, TVector>(source, count);
            TVector forward = TSimd.Broadcast((int)(uint)(*layer.Forward(rows[i], word) >> bit));
            TVector isKept = TSimd.Equal(TSimd.And(forward, laneBits), laneBits);
            keys[i] = TSimd.Select(isKept, TSimd.And(weight, magnitude), below);
        }
    }

    private static TVector LoadFirst<TSimd, TVector>(int* source, int count)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        TVector lanes = TSimd.Zero;
        new ReadOnlySpan<int>(source, count).CopyTo(new Span<int>(&lanes, TSimd.Lanes));
        return lanes;
    }
}
