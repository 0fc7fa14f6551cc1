// y = activation(y + bias) on y [rows, columns], in place, where the product's library does not do it; z = y + bias is stored for backward
// where it is wanted. A thread keeps its columns' bias in registers and goes down the rows. Bytes: y in and out, z out.

struct EpilogueArgs
{
    void* output;
    const void* bias;  // null: none
    void* before;      // z; null: not wanted
    int rows;
    int columns;
    int whole_columns;
};

NMS_KERNEL(epilogue, EpilogueArgs)
{
    constexpr int Width = NMS_T == NMS_F32 ? 4 : 8;

    NMS_PHASE
    const int column = (NMS_BLOCK_X * NMS_THREADS + NMS_TID) * Width;
    const int valid = a.columns - column;
    if (valid > 0)
    {
        const bool whole = a.whole_columns && valid >= Width;
        unsigned bias[Width] = {};
        if (a.bias != nullptr)
        {
            nms_load<NMS_B>(a.bias, column, false, valid, bias);
        }

        for (int row = NMS_BLOCK_Y; row < a.rows; row += NMS_GRID_Y)
        {
            const long long first = (long long)row * a.columns + column;
            unsigned codes[Width];
            nms_load<NMS_T>(a.output, first, whole, valid, codes);
            unsigned before[Width];
            NMS_UNROLL
            for (int i = 0; i < Width; i++)
            {
                const float z = nms_widen<NMS_T>(codes[i]) + nms_widen<NMS_B>(bias[i]);
                before[i] = nms_narrow<NMS_T>(z);
                codes[i] = nms_narrow<NMS_T>(nms_activate<NMS_ACTIVATION>(z));
            }

            nms_store<NMS_T>(a.output, first, whole, valid, codes);
            if (a.before != nullptr)
            {
                nms_store<NMS_T>(a.before, first, whole, valid, before);
            }
        }
    }
    NMS_END
}
