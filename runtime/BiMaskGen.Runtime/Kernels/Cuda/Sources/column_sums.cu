// Sums over the rows of a matrix [rows, columns], in fp32: db. Blocks of a column strip each sum every NMS_GRID_Y-th row and write one row
// of partial sums [NMS_GRID_Y, columns]; a second launch with one block per strip sums those. No atomics, so the order is always the same.

struct ColumnSumsArgs
{
    const void* matrix;
    float* sums;
    int rows;
    int columns;
    int whole_columns;
};

NMS_KERNEL(column_sums, ColumnSumsArgs)
{
    constexpr int Width = NMS_T == NMS_F32 ? 4 : 8;

    NMS_PHASE
    const int column = (NMS_BLOCK_X * NMS_THREADS + NMS_TID) * Width;
    const int valid = a.columns - column;
    if (valid > 0)
    {
        const bool whole = a.whole_columns && valid >= Width;
        float sums[Width] = {};
        for (int row = NMS_BLOCK_Y; row < a.rows; row += NMS_GRID_Y)
        {
            unsigned codes[Width];
            nms_load<NMS_T>(a.matrix, (long long)row * a.columns + column, whole, valid, codes);
            NMS_UNROLL
            for (int i = 0; i < Width; i++)
            {
                sums[i] += nms_widen<NMS_T>(codes[i]);
            }
        }

        unsigned bits[Width];
        NMS_UNROLL
        for (int i = 0; i < Width; i++)
        {
            bits[i] = nms_bits(sums[i]);
        }

        nms_store<NMS_F32>(a.sums, (long long)NMS_BLOCK_Y * a.columns + column, whole, valid, bits);
    }
    NMS_END
}
