// The forward mask as bits, a 64-bit word of a row by a thread: what the search for the permutation, on the CPU, starts from.
// W is read once; the words are 1/32 of its bytes in fp32. A group that two words share is ranked by both threads.

struct MaskBitsArgs
{
    const void* weight;
    unsigned long long* words;  // [rows, words_per_row], column c of a row in bit c % 64 of word c / 64
    int rows;
    int columns;
    int words_per_row;
    int whole_columns;
};

NMS_KERNEL(mask_bits, MaskBitsArgs)
{
    NMS_PHASE
    const int at = NMS_BLOCK_X * NMS_THREADS + NMS_TID;
    for (int row = NMS_BLOCK_Y; row < a.rows && at < a.words_per_row; row += NMS_GRID_Y)
    {
        const int first = at * 64;
        unsigned long long word = 0;
        for (int start = first / NMS_M * NMS_M; start < first + 64 && start < a.columns; start += NMS_M)
        {
            unsigned codes[NMS_M];
            const int valid = a.columns - start;
            const bool whole = a.whole_columns && valid >= NMS_M && start * (int)sizeof(Element<NMS_W>::Memory) % 16 == 0;
            nms_load<NMS_W>(a.weight, (long long)row * a.columns + start, whole, valid, codes);
            int key[NMS_M];
            NMS_UNROLL
            for (int i = 0; i < NMS_M; i++)
            {
                key[i] = i < valid ? (int)(codes[i] & Element<NMS_W>::Magnitude) : -1;
            }

            const unsigned long long top = nms_top<NMS_N, NMS_M>(key);
            word |= start < first ? top >> (first - start) : top << (start - first);
        }

        a.words[(long long)row * a.words_per_row + at] = word;
    }
    NMS_END
}
