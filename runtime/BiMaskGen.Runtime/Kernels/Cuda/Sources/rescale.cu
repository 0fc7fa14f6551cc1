// y = activation(sums ⊙ (token scale × weight scale) + bias), where sums [rows, columns] are what a product of quantised operands has added up: int32, or
// fp32. All in fp32, rounded once. A thread keeps its columns' scales and bias in registers and goes down the rows. Bytes: sums in, y out.
// It is a pass of its own since the library scales by the weight's rows alone, and writes what it has scaled in 16 bits.

struct RescaleArgs
{
    const void* sums;
    const float* weight_scales;  // [columns]
    const float* token_scales;   // [rows]
    const void* bias;            // null: none
    void* output;
    int rows;
    int columns;
    int whole_columns;
};

NMS_KERNEL(rescale, RescaleArgs)
{
    constexpr int Width = 4;

    NMS_PHASE
    const int column = (NMS_BLOCK_X * NMS_THREADS + NMS_TID) * Width;
    const int valid = a.columns - column;
    if (valid > 0)
    {
        const bool whole = a.whole_columns && valid >= Width;
        unsigned scales[Width];
        unsigned bias[Width] = {};
        nms_load<NMS_F32>(a.weight_scales, column, false, valid, scales);
        if (a.bias != nullptr)
        {
            nms_load<NMS_B>(a.bias, column, false, valid, bias);
        }

        for (int row = NMS_BLOCK_Y; row < a.rows; row += NMS_GRID_Y)
        {
            const long long first = (long long)row * a.columns + column;
            const float token = a.token_scales[row];
            unsigned codes[Width];
            nms_load<NMS_F32>(a.sums, first, whole, valid, codes);
            NMS_UNROLL
            for (int i = 0; i < Width; i++)
            {
                const float sum = NMS_S == NMS_I32 ? (float)(int)codes[i] : nms_float(codes[i]);

                // Not the product of both scales first: that could be too small for a float where the result is not.
                const float z = sum * nms_float(scales[i]) * token + nms_widen<NMS_B>(bias[i]);
                codes[i] = nms_narrow<NMS_T>(nms_activate<NMS_ACTIVATION>(z));
            }

            nms_store<NMS_T>(a.output, first, whole, valid, codes);
        }
    }
    NMS_END
}
