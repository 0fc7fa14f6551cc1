using System.Runtime.CompilerServices;

namespace BiMaskGen.Masks;

/// <summary>
/// One group of rows of the backward mask. A column is a group of its own for <see cref="GroupRanking"/>: the M rows are read side by side,
/// 64 columns at a time, and what forward pruned is no candidate.
/// </summary>
internal static unsafe class BackwardKernel
{
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
        byte* memory = stackalloc byte[GroupRanking.Bytes(members)];
        GroupRanking ranking = new(memory, members);
        for (int word = 0; word < layer.WordsPerRow; word++)
        {
            int columns = Math.Min(GroupRanking.Groups, layer.Columns - (word * GroupRanking.Groups));
            for (int i = 0; i < members; i++)
            {
                ranking.SetKeys<TSimd, TVector>(i, layer.Weight(rows[i], word * GroupRanking.Groups), columns);
                ranking.Candidates[i] = *layer.Forward(rows[i], word);
            }

            ranking.Keep<TSimd, TVector>(n, columns);
            for (int i = 0; i < members; i++)
            {
                *layer.Backward(rows[i], word) = ranking.Kept[i];
            }
        }
    }
}
