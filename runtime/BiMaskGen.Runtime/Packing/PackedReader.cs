namespace BiMaskGen.Packing;

/// <summary>Reads packed entries back into a dense row-major matrix of zeros.</summary>
internal static unsafe class PackedReader
{
    /// <summary>Adds the entries of the compact form.</summary>
    /// <param name="groups">The matrix.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="order">The column at each position; empty for their own order.</param>
    /// <param name="dense">rows × columns zeros.</param>
    internal static void Unpack(PackedGroups groups, int rows, int columns, ReadOnlySpan<int> order, Span<float> dense)
    {
        NMPattern pattern = groups.Pattern;
        for (int row = 0; row < rows; row++)
        {
            for (int slot = 0; slot < groups.SlotsPerRow; slot++)
            {
                float value = groups.Values[groups.ValueOf(row / PackedGroups.TileRows, slot) + (row % PackedGroups.TileRows)];
                int position = (slot / pattern.N * pattern.M) + groups.IndexOf(row, slot / pattern.N, slot % pattern.N);
                if (value != 0)
                {
                    dense[(row * columns) + (order.IsEmpty ? position : order[position])] = value;
                }
            }
        }

        GC.KeepAlive(groups);
    }

    /// <summary>Adds the entries of the form for large batches.</summary>
    /// <param name="stream">The matrix.</param>
    /// <param name="dense">rows × columns zeros.</param>
    internal static void Unpack(QuadStream stream, Span<float> dense)
    {
        // For the lists that hold four weights a pass: which of the pass's positions each row takes, and how many there are.
        ReadOnlySpan<byte> positionOf =
        [
            0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 1, 0, 1, 0, 1, 0, 1, 1, 0, 0, 1, 2, 3,
        ];
        ReadOnlySpan<byte> advance = [1, 2, 2, 2, 2, 2, 2, 2, 4];
        for (int chunk = 0; chunk < stream.Chunks; chunk++)
        {
            float* weight = stream.WeightsOf(chunk);
            byte* position = stream.PositionsOf(chunk);
            byte* counts = stream.CountsOf(chunk);
            for (int step = 0; step < stream.Blocks * stream.TilesOf(chunk); step++)
            {
                int column = step / stream.TilesOf(chunk) * QuadStream.Block;
                int row = (stream.FirstTile(chunk) + (step % stream.TilesOf(chunk))) * QuadStream.TileRows;
                for (int list = 0; list < QuadStream.CountBytes; list++, counts++)
                {
                    for (int i = 0; i < *counts; i++)
                    {
                        if (list >= advance.Length)
                        {
                            Set(dense, ((row + list - advance.Length) * stream.Columns) + column + *position++, *weight++);
                            continue;
                        }

                        for (int r = 0; r < QuadStream.TileRows; r++)
                        {
                            Set(dense, ((row + r) * stream.Columns) + column + position[positionOf[(4 * list) + r]], *weight++);
                        }

                        position += advance[list];
                    }
                }
            }
        }

        GC.KeepAlive(stream);
    }

    // A zero may be padding, and then stands where another weight is.
    private static void Set(Span<float> dense, int entry, float value)
    {
        if (value != 0)
        {
            dense[entry] = value;
        }
    }
}
