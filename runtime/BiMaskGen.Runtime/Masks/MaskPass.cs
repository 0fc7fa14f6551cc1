using BiMaskGen.Kernels.Cpu;

namespace BiMaskGen.Masks;

// W is as large as the masks are small, so what costs is reading it. The rows of a backward group are checked and get their forward mask one
// after the other, as a stream that hardware fetches ahead; then the group's backward mask finds them in the caches.

/// <summary>Everything that masks need of a weight, in one pass over it, shared out over the threads.</summary>
internal static unsafe class MaskPass
{
    // Some ten microseconds of work for a task.
    private const int WeightsPerTask = 1 << 15;

    /// <summary>Makes the forward mask, and with a permutation the backward mask too.</summary>
    /// <param name="pattern">N:M.</param>
    /// <param name="weight">W, row-major.</param>
    /// <param name="permutation">permutation[r] = original row at position r; empty for the forward mask alone.</param>
    /// <param name="forward">Overwritten; its shape is that of W.</param>
    /// <param name="backward">Overwritten if there is a permutation.</param>
    /// <returns>Whether all weights are finite; if not, the masks are void.</returns>
    internal static bool Run(NMPattern pattern, ReadOnlySpan<float> weight, ReadOnlySpan<int> permutation, NMMask forward, NMMask? backward) =>
        Run(pattern, weight, permutation, forward, backward, makesForward: true);

    /// <summary>Makes the backward mask of a weight whose forward mask is there.</summary>
    /// <param name="pattern">N:M.</param>
    /// <param name="weight">W, row-major, finite.</param>
    /// <param name="permutation">permutation[r] = original row at position r.</param>
    /// <param name="forward">The forward mask of W.</param>
    /// <param name="backward">Overwritten.</param>
    internal static void RunBackward(NMPattern pattern, ReadOnlySpan<float> weight, ReadOnlySpan<int> permutation, NMMask forward, NMMask backward) =>
        Run(pattern, weight, permutation, forward, backward, makesForward: false);

    private static bool Run(
        NMPattern pattern, ReadOnlySpan<float> weight, ReadOnlySpan<int> permutation, NMMask forward, NMMask? backward, bool makesForward)
    {
        MaskArguments.CheckPattern(pattern);
        MaskArguments.CheckWeight(weight, forward.Rows, forward.Columns);
        if (!permutation.IsEmpty)
        {
            MaskArguments.CheckMask(backward!, forward.Rows, forward.Columns, nameof(backward));
            MaskArguments.CheckPermutation(permutation, forward.Rows);
        }

        bool bad = false;
        fixed (float* w = weight)
        fixed (ulong* forwardWords = forward.Words, backwardWords = backward is null ? default : backward.Words)
        fixed (int* order = permutation)
        {
            int groupWeights = Math.Max(1, pattern.M * forward.Columns);
            Body body = new()
            {
                Pattern = pattern,
                Weight = w,
                Rows = forward.Rows,
                Columns = forward.Columns,
                Order = order,
                Forward = forwardWords,
                Backward = backwardWords,
                WordsPerRow = forward.WordsPerRow,
                GroupsPerTask = Math.Max(1, WeightsPerTask / groupWeights),
                MakesForward = makesForward,
                Bad = &bad,
            };
            int groups = pattern.GroupsIn(forward.Rows);
            CpuPool.For((groups + body.GroupsPerTask - 1) / body.GroupsPerTask, body);
        }

        return !bad;
    }

    private struct Body : IRangeBody
    {
        public NMPattern Pattern;
        public float* Weight;
        public int Rows;
        public int Columns;
        public int* Order;
        public ulong* Forward;
        public ulong* Backward;
        public int WordsPerRow;
        public int GroupsPerTask;
        public bool MakesForward;
        public bool* Bad;

        public readonly void Invoke(int task)
        {
            int last = Math.Min(Rows, (task + 1) * GroupsPerTask * Pattern.M);
            for (int position = task * GroupsPerTask * Pattern.M; position < last; position += Pattern.M)
            {
                int members = Math.Min(Pattern.M, Rows - position);
                for (int i = position; i < position + members && MakesForward; i++)
                {
                    int row = Order == null ? i : Order[i];
                    float* weight = Weight + ((nint)row * Columns);
                    if (WeightCheck.FirstNonFinite(new ReadOnlySpan<float>(weight, Columns)) >= 0)
                    {
                        *Bad = true;
                        return;
                    }

                    ForwardMask.Row(Pattern, (int*)weight, Columns, Forward + ((nint)row * WordsPerRow));
                }

                if (Order != null)
                {
                    var layer = new BackwardKernel.Layer((int*)Weight, Columns, Forward, Backward, WordsPerRow);
                    BackwardMask.Group(Pattern.N, layer, Order + position, members);
                }
            }
        }
    }
}
