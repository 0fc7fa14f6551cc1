// The gradient of a layer's output g [rows, columns] made ready for both backward products, in one pass:
//   direct   [rows, columns]   g ⊙ activation'(saved), in the products' type: for dW
//   permuted [rows, columns]   the same with its columns in the order of the permutation: for dX
// A block stages some rows of the converted gradient in shared memory, since a gather from global memory would fetch 32 bytes for
// every 2 that it wants; the permutation is read once for all rows of the block. Bytes: g and saved once in, each output once out.
// Rows too long for shared memory (staged = 0) are gathered from global memory all the same.

struct GradientArgs
{
    const void* gradient;
    const void* saved;     // not read where there is no activation
    const int* order;      // null: no permuted output
    void* direct;          // null: not wanted
    void* permuted;        // null: not wanted
    int rows;
    int columns;
    int rows_per_block;
    int staged;
    int whole_columns;
};

NMS_DEVICE unsigned gradient_entry(unsigned gradient, unsigned saved)
{
    if (NMS_ACTIVATION == NMS_NONE)
    {
        return nms_convert<NMS_G, NMS_T>(gradient);
    }

    // Where relu is off the gradient is 0 even if g is infinite: a product would make it NaN.
    const float slope = nms_derivative<NMS_ACTIVATION>(nms_widen<NMS_S>(saved));
    const float product = NMS_ACTIVATION == NMS_RELU ? (slope > 0 ? nms_widen<NMS_G>(gradient) : 0.0f) : nms_widen<NMS_G>(gradient) * slope;
    return nms_narrow<NMS_T>(product);
}

NMS_KERNEL(gradient, GradientArgs)
{
    constexpr int Width = NMS_T == NMS_F32 ? 4 : 8;
    typedef Element<NMS_T>::Memory Memory;
    NMS_DYNAMIC_SHARED(Memory, stage);

    const int first_row = NMS_BLOCK_X * a.rows_per_block;
    const int rows = a.rows - first_row < a.rows_per_block ? a.rows - first_row : a.rows_per_block;

    NMS_PHASE
    for (int r = 0; r < rows; r++)
    {
        const long long row = (long long)(first_row + r) * a.columns;
        for (int column = NMS_TID * Width; column < a.columns && (a.staged || a.direct != nullptr); column += NMS_THREADS * Width)
        {
            const int valid = a.columns - column;
            const bool whole = a.whole_columns && valid >= Width;
            unsigned codes[Width];
            unsigned saved[Width] = {};
            nms_load<NMS_G>(a.gradient, row + column, whole, valid, codes);
            if (NMS_ACTIVATION != NMS_NONE)
            {
                nms_load<NMS_S>(a.saved, row + column, whole, valid, saved);
            }

            NMS_UNROLL
            for (int i = 0; i < Width; i++)
            {
                codes[i] = gradient_entry(codes[i], saved[i]);
            }

            if (a.direct != nullptr)
            {
                nms_store<NMS_T>(a.direct, row + column, whole, valid, codes);
            }

            if (a.staged)
            {
                nms_store<NMS_T>(stage, (long long)r * a.columns + column, whole, valid, codes);
            }
        }
    }
    NMS_END

    NMS_PHASE
    for (int column = NMS_TID * Width; column < a.columns && a.permuted != nullptr; column += NMS_THREADS * Width)
    {
        const int valid = a.columns - column;
        const bool whole = a.whole_columns && valid >= Width;
        unsigned from[Width];
        nms_load<NMS_F32>(a.order, column, whole, valid, from);
        for (int r = 0; r < rows; r++)
        {
            const long long row = (long long)(first_row + r) * a.columns;
            unsigned codes[Width];
            NMS_UNROLL
            for (int i = 0; i < Width; i++)
            {
                codes[i] = 0;
                if (i < valid && a.staged)
                {
                    codes[i] = stage[(long long)r * a.columns + from[i]];
                }
                else if (i < valid)
                {
                    const long long at = row + from[i];
                    const unsigned saved = NMS_ACTIVATION == NMS_NONE ? 0 : ((const Element<NMS_S>::Memory*)a.saved)[at];
                    codes[i] = gradient_entry(((const Element<NMS_G>::Memory*)a.gradient)[at], saved);
                }
            }

            nms_store<NMS_T>(a.permuted, row + column, whole, valid, codes);
        }
    }
    NMS_END
}
