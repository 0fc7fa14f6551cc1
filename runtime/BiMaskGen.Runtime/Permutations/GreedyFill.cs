namespace BiMaskGen.Permutations;

/// <summary>
/// Fills group after group: the first free row opens it, then the free row joins that keeps most columns with fewer than N ones so far;
/// of several, the one that crowds the group least; of several, the lowest.
/// </summary>
internal static unsafe class GreedyFill
{
    /// <summary>Finds a permutation.</summary>
    /// <param name="sets">The rows.</param>
    /// <param name="pattern">N:M.</param>
    /// <param name="budget">Words to compare; where they do not suffice for all free rows, each choice looks at the first of them.</param>
    public static int[] Fill(RowSets sets, NMPattern pattern, long budget)
    {
        int[] permutation = new int[sets.Rows];
        int[] free = RowPermutation.Identity(sets.Rows);
        int freeCount = sets.Rows;
        int window = Window(sets, budget);
        using var counts = new GroupCounts(1, sets.Stride, pattern.M);
        using var scratch = new WordBuffer(2L * sets.Stride);
        for (int position = 0; position < sets.Rows; position++)
        {
            int filled = position % pattern.M;
            int chosen = 0;
            if (filled == 0)
            {
                counts.Clear(0);
            }
            else
            {
                ulong* open = scratch.Words;
                ulong* roomy = open + sets.Stride;
                counts.Below(0, pattern.N, open);
                counts.Below(0, RoomyCount(pattern, filled), roomy);
                chosen = Choose(sets, free.AsSpan(0, Math.Min(freeCount, window)), open, roomy);
            }

            int row = free[chosen];
            permutation[position] = row;
            counts.Add(0, sets[row]);
            freeCount--;
            free.AsSpan(chosen + 1, freeCount - chosen).CopyTo(free.AsSpan(chosen));
        }

        return permutation;
    }

    // The sum over positions of the free rows is rows² / 2.
    private static int Window(RowSets sets, long budget)
    {
        long row = Math.Max(1, (long)sets.Rows * sets.Words);
        return row * sets.Rows / 2 <= budget ? sets.Rows : (int)Math.Max(1, budget / row);
    }

    // A column is crowded if it holds more ones than the average column of the group so far. At N - 1 it is still open.
    private static int RoomyCount(NMPattern pattern, int filled) =>
        Math.Max(1, Math.Min(pattern.N - 1, (filled * pattern.N / pattern.M) + 1));

    private static int Choose(RowSets sets, ReadOnlySpan<int> free, ulong* open, ulong* roomy)
    {
        int chosen = 0;
        int gain = -1;
        int room = -1;
        for (int i = 0; i < free.Length; i++)
        {
            ulong* row = sets[free[i]];
            int rowGain = PopCounts.And(row, open, sets.Words);
            if (rowGain < gain)
            {
                continue;
            }

            int rowRoom = PopCounts.And(row, roomy, sets.Words);
            if (rowGain > gain || rowRoom > room)
            {
                (chosen, gain, room) = (i, rowGain, rowRoom);
            }
        }

        return chosen;
    }
}
