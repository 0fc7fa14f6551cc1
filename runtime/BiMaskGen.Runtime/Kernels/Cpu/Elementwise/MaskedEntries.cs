using BiMaskGen.Masks;

namespace BiMaskGen.Kernels.Cpu;

/// <summary>What a pass over a weight and its mask does with one register of entries.</summary>
internal interface IMaskedOperation
{
    /// <param name="entry">The first entry, counted row-major.</param>
    /// <param name="kept">The mask's bits from that entry on.</param>
    void Apply<TLanes, TVec>(nint entry, uint kept)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged;
}

/// <summary>Passes over all entries of a weight together with the bits of its mask, rows shared out over the threads.</summary>
internal static unsafe class MaskedEntries
{
    private const int EntriesPerTask = 1 << 14;

    internal static void Run<TOperation>(NMMask mask, TOperation operation)
        where TOperation : struct, IMaskedOperation
    {
        ArgumentNullException.ThrowIfNull(mask);
        fixed (ulong* words = mask.Words)
        {
            Call<TOperation> call = new()
            {
                Words = words,
                WordsPerRow = mask.WordsPerRow,
                Rows = mask.Rows,
                Columns = mask.Columns,
                Operation = operation,
            };
            VectorWidth.Dispatch(ref call);
        }
    }

    private struct Call<TOperation> : IWidthBody
        where TOperation : struct, IMaskedOperation
    {
        public ulong* Words;
        public int WordsPerRow;
        public int Rows;
        public int Columns;
        public TOperation Operation;

        public readonly void Run<TLanes, TVec>()
            where TLanes : struct, ILanes<TVec>
            where TVec : unmanaged
        {
            int rowsPerTask = Math.Max(1, EntriesPerTask / Math.Max(1, Columns));
            int tasks = (Rows + rowsPerTask - 1) / rowsPerTask;
            CpuPool.For(tasks, new Body<TOperation, TLanes, TVec> { Call = this, RowsPerTask = rowsPerTask }, parallel: tasks > 1);
        }

        public readonly void Span<TLanes, TVec>(int row, int start, int end)
            where TLanes : struct, ILanes<TVec>
            where TVec : unmanaged
        {
            ulong* words = Words + ((nint)row * WordsPerRow);
            for (int c = start; c < end; c += TLanes.Count)
            {
                // 64 is a multiple of every width: a register's bits lie in one word.
                Operation.Apply<TLanes, TVec>(((nint)row * Columns) + c, (uint)(words[c >> 6] >> (c & 63)));
            }
        }
    }

    private struct Body<TOperation, TLanes, TVec> : IRangeBody
        where TOperation : struct, IMaskedOperation
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
    {
        public Call<TOperation> Call;
        public int RowsPerTask;

        public readonly void Invoke(int index)
        {
            int end = Math.Min((index + 1) * RowsPerTask, Call.Rows);
            int whole = Call.Columns - (Call.Columns % TLanes.Count);
            for (int row = index * RowsPerTask; row < end; row++)
            {
                Call.Span<TLanes, TVec>(row, 0, whole);
                Call.Span<Lanes32, float>(row, whole, Call.Columns);
            }
        }
    }
}
