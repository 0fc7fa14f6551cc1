// What a method does to dW where forward prunes, in place: dW ← scale · dW + λ W. SR-STE's decay is scale 1; a gradient under its mask λ 0.
// Under NMS_RANKED Mf is ranked anew from W: reading it from anywhere would cost more than ranking does, and the pruned operand cannot tell a
// pruned weight from one that became zero in a narrower type. Under NMS_KEPT it comes as bits.
// Bytes: W and dW are read, dW is written. A thread takes a chunk of a row that holds whole groups.

struct DecayArgs
{
    const void* weight;
    void* gradient;         // [rows, columns], of type NMS_T
    const unsigned* words;  // NMS_KEPT: the mask, column c of a row in bit c % 32 of word c / 32
    float scale;
    float decay;
    int rows;
    int columns;
    int whole_columns;
    int words_per_row;
};

NMS_KERNEL(decay, DecayArgs)
{
    constexpr int Chunk = (NMS_M & (NMS_M - 1)) == 0 && NMS_M < 8 ? 8 : NMS_M;

    NMS_PHASE
    const int column = (NMS_BLOCK_X * NMS_THREADS + NMS_TID) * Chunk;
    const int valid = a.columns - column;
    for (int row = NMS_BLOCK_Y; row < a.rows && valid > 0; row += NMS_GRID_Y)
    {
        const long long first = (long long)row * a.columns + column;
        const bool whole = a.whole_columns && valid >= Chunk;
        unsigned weight[Chunk];
        unsigned gradient[Chunk];
        nms_load<NMS_W>(a.weight, first, whole, valid, weight);
        nms_load<NMS_T>(a.gradient, first, whole, valid, gradient);
        NMS_UNROLL
        for (int group = 0; group < Chunk; group += NMS_M)
        {
            int key[NMS_M];
            NMS_UNROLL
            for (int i = 0; i < NMS_M; i++)
            {
                key[i] = group + i < valid ? (int)(weight[group + i] & Element<NMS_W>::Magnitude) : -1;
            }

            const unsigned top = NMS_FORWARD == NMS_KEPT
                ? (group < valid ? nms_kept<NMS_M>(a.words, row, a.words_per_row, column + group) : 0)
                : nms_top<NMS_N, NMS_M>(key);
            NMS_UNROLL
            for (int i = 0; i < NMS_M; i++)
            {
                const float sum = a.scale * nms_widen<NMS_T>(gradient[group + i]) + a.decay * nms_widen<NMS_W>(weight[group + i]);
                gradient[group + i] = (top >> i & 1) != 0 ? gradient[group + i] : nms_narrow<NMS_T>(sum);
            }
        }

        nms_store<NMS_T>(a.gradient, first, whole, valid, gradient);
    }
    NMS_END
}
