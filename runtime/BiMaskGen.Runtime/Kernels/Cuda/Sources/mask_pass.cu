// One pass over W [rows, columns] that makes both operands of the products:
//   forward  [rows, columns]   what y multiplies
//   backward [columns, rows]   what dX multiplies, transposed, its columns in the order of the permutation
// By NMS_FORWARD forward is
//   NMS_RANKED   W ⊙ Mf, Mf the N largest of M
//   NMS_FADING   the same with β of what is pruned; with β = 1 that is W itself
//   NMS_KEPT     W under a mask that comes as bits
//   NMS_SOFT     β · S(W), S the soft threshold of 2:4 (arXiv 2409.09099)
// and by NMS_BACKWARD backward is
//   NMS_ONE      not made: dX multiplies the forward operand
//   NMS_SUBSET   what forward keeps, ranked down the columns
//   NMS_WHOLE    W ranked down the columns, whatever forward keeps
// Bytes: W is read once, each operand written once; nothing else leaves the chip but a count and a flag.
// A block takes a tile of Positions × Columns, both the largest multiple of M up to 64, so that no group is cut: rows order[p] of W for the
// positions p of the tile. First every thread reads chunks of a row, 16 bytes at a time and all of them before it uses any, ranks the groups
// in registers, writes the forward operand, and leaves in shared memory the weight's bits or, where it is no candidate of backward's, a NaN
// that no finite weight is. Then threads rank down the columns of the tile and write the backward operand along its rows.
// With 64 × 64 tiles both reads and both writes are whole 128-byte lines. The pitch of the tile is odd: at M = 4 and fp32, in the first phase
// 4 rows × 8 chunks of a warp, in the second 4 runs of 8 positions × 8 columns fall into 32 different banks. (bf16 and fp16 weights, and
// larger M, have two threads in a bank; shared memory is not what bounds the kernel.)

struct MaskPassArgs
{
    const void* weight;
    const int* order;          // null: the identity
    void* forward;
    void* backward;            // not written under NMS_ONE
    unsigned long long* kept;  // 32 counters; their sum grows by the entries of the backward mask
    unsigned* flags;           // 1: a weight is NaN or infinite; 2: a finite weight is infinite in the operands' type
    const unsigned* words;     // NMS_KEPT: the mask, column c of a row in bit c % 32 of word c / 32
    int rows;
    int columns;
    int whole_columns;         // whether rows of W and of the forward operand begin at 16-byte addresses
    int whole_rows;            // whether rows of the backward operand do
    int words_per_row;
    float factor;              // β
};

// The second smallest |w| of a group of four, the smallest of three; 0 where there are fewer. Keys are those of nms_top.
template <int Type, int M> NMS_DEVICE float soft_threshold(const int (&key)[M])
{
    const int a = key[0], b = key[1 % M], c = key[2 % M], d = key[3 % M];
    const int low1 = a < b ? a : b, high1 = a < b ? b : a, low2 = c < d ? c : d, high2 = c < d ? d : c;
    const int low = low1 < low2 ? low2 : low1, high = high1 < high2 ? high1 : high2;
    const int second = low < high ? low : high;

    // A group that the row's end cuts has members below zero: with one of them the second smallest of four is the smallest of three.
    return second < 0 ? 0.0f : nms_widen<Type>((unsigned)second);
}

// What forward multiplies in the place of a weight: `keeps` says whether the mask keeps it, `threshold` is that of its group under NMS_SOFT.
NMS_DEVICE unsigned forward_code(unsigned weight, bool keeps, float threshold, float factor)
{
    if (NMS_FORWARD == NMS_SOFT)
    {
        const float value = nms_widen<NMS_W>(weight);
        const float size = nms_float(nms_bits(value) & 0x7FFFFFFF) - threshold;
        return keeps && size > 0 ? nms_narrow<NMS_T>(factor * (value < 0 ? -size : size)) : 0;
    }

    if (NMS_FORWARD == NMS_FADING && !keeps)
    {
        return nms_narrow<NMS_T>(factor * nms_widen<NMS_W>(weight));
    }

    return keeps ? nms_convert<NMS_W, NMS_T>(weight) : 0;
}

NMS_KERNEL(mask_pass, MaskPassArgs)
{
    constexpr bool PowerOfTwo = (NMS_M & (NMS_M - 1)) == 0;
    constexpr int Positions = 64 / NMS_M * NMS_M;
    constexpr int Columns = Positions;
    constexpr int Pitch = Columns | 1;
    constexpr unsigned Pruned = 0xFFFFFFFFu;

    // Chunks of rows, and runs of positions, hold whole groups and, where M allows it, 16 bytes.
    constexpr int LoadWidth = NMS_W == NMS_F32 ? 4 : 8;
    constexpr int Chunk = PowerOfTwo && NMS_M < LoadWidth ? LoadWidth : NMS_M;
    constexpr int ChunksPerRow = Columns / Chunk;
    constexpr int ChunkLanes = ChunksPerRow % 8 == 0 ? 8 : ChunksPerRow;
    constexpr int ChunksPerThread = (Positions * ChunksPerRow + NMS_THREADS - 1) / NMS_THREADS;
    constexpr int StoreWidth = NMS_T == NMS_F32 ? 4 : 8;
    constexpr int Run = PowerOfTwo && NMS_M < StoreWidth ? StoreWidth : NMS_M;
    constexpr int RunsPerColumn = Positions / Run;
    constexpr int RunLanes = RunsPerColumn % 4 == 0 ? 4 : RunsPerColumn;
    constexpr int RunsPerThread = (Columns * RunsPerColumn + NMS_THREADS - 1) / NMS_THREADS;

    NMS_SHARED unsigned tile[NMS_BACKWARD == NMS_ONE ? 1 : Positions * Pitch];
    NMS_SHARED unsigned kept;

    const int first_column = NMS_BLOCK_X * Columns;
    const int first_position = NMS_BLOCK_Y * Positions;

    NMS_PHASE
    if (NMS_TID == 0)
    {
        kept = 0;
    }

    unsigned codes[ChunksPerThread][Chunk];
    NMS_UNROLL
    for (int t = 0; t < ChunksPerThread; t++)
    {
        const int chunk = NMS_TID + t * NMS_THREADS;
        const int p = chunk / ChunkLanes % Positions;
        const int c = (chunk % ChunkLanes + chunk / (ChunkLanes * Positions) * ChunkLanes) * Chunk;
        const int position = first_position + p;
        const int valid = a.columns - (first_column + c);
        if (chunk < Positions * ChunksPerRow && position < a.rows && valid > 0)
        {
            const int row = a.order == nullptr ? position : a.order[position];
            nms_load<NMS_W>(a.weight, (long long)row * a.columns + first_column + c, a.whole_columns && valid >= Chunk, valid, codes[t]);
        }
    }

    unsigned problems = 0;
    NMS_UNROLL
    for (int t = 0; t < ChunksPerThread; t++)
    {
        const int chunk = NMS_TID + t * NMS_THREADS;
        const int p = chunk / ChunkLanes % Positions;
        const int c = (chunk % ChunkLanes + chunk / (ChunkLanes * Positions) * ChunkLanes) * Chunk;
        const int position = first_position + p;
        const int valid = a.columns - (first_column + c);
        if (chunk < Positions * ChunksPerRow)
        {
            unsigned pruned[Chunk];
            NMS_UNROLL
            for (int group = 0; group < Chunk; group += NMS_M)
            {
                int key[NMS_M];
                NMS_UNROLL
                for (int i = 0; i < NMS_M; i++)
                {
                    key[i] = position < a.rows && group + i < valid ? (int)(codes[t][group + i] & Element<NMS_W>::Magnitude) : -1;
                    problems |= key[i] > Element<NMS_W>::LargestFinite ? 1u : 0u;
                }

                const unsigned top = NMS_FORWARD == NMS_KEPT
                    ? (position < a.rows && valid > group ? nms_kept<NMS_M>(a.words, a.order == nullptr ? position : a.order[position], a.words_per_row, first_column + c + group) : 0)
                    : nms_top<NMS_N, NMS_M>(key);
                const float threshold = NMS_FORWARD == NMS_SOFT ? soft_threshold<NMS_W, NMS_M>(key) : 0;
                NMS_UNROLL
                for (int i = 0; i < NMS_M; i++)
                {
                    const bool keeps = (top >> i & 1) != 0;
                    const unsigned code = key[i] < 0 ? 0 : forward_code(codes[t][group + i], keeps, threshold, a.factor);
                    const bool finite = key[i] <= Element<NMS_W>::LargestFinite;
                    problems |= finite && (int)(code & Element<NMS_T>::Magnitude) > Element<NMS_T>::LargestFinite ? 2u : 0u;
                    pruned[group + i] = code;
                    if (NMS_BACKWARD != NMS_ONE)
                    {
                        tile[p * Pitch + c + group + i] = (NMS_BACKWARD == NMS_WHOLE ? key[i] >= 0 : keeps) ? codes[t][group + i] : Pruned;
                    }
                }
            }

            if (position < a.rows && valid > 0)
            {
                const int row = a.order == nullptr ? position : a.order[position];
                nms_store<NMS_T>(a.forward, (long long)row * a.columns + first_column + c, a.whole_columns && valid >= Chunk, valid, pruned);
            }
        }
    }

    if (problems != 0)
    {
        nms_or_global(a.flags, problems);
    }
    NMS_END

    NMS_PHASE
    unsigned count = 0;
    NMS_UNROLL
    for (int t = 0; t < RunsPerThread; t++)
    {
        const int run = NMS_TID + t * NMS_THREADS;
        const int c = run / RunLanes % Columns;
        const int p = (run % RunLanes + run / (RunLanes * Columns) * RunLanes) * Run;
        const int valid = a.rows - (first_position + p);
        if (NMS_BACKWARD != NMS_ONE && run < Columns * RunsPerColumn && first_column + c < a.columns && valid > 0)
        {
            unsigned pruned[Run];
            NMS_UNROLL
            for (int group = 0; group < Run; group += NMS_M)
            {
                unsigned member[NMS_M];
                int key[NMS_M];
                NMS_UNROLL
                for (int i = 0; i < NMS_M; i++)
                {
                    member[i] = tile[(p + group + i) * Pitch + c];
                    key[i] = member[i] == Pruned ? -1 : (int)(member[i] & Element<NMS_W>::Magnitude);
                }

                const unsigned top = nms_top<NMS_N, NMS_M>(key);
                NMS_UNROLL
                for (int i = 0; i < NMS_M; i++)
                {
                    pruned[group + i] = (top >> i & 1) != 0 ? nms_convert<NMS_W, NMS_T>(member[i]) : 0;
                    count += top >> i & 1;
                }
            }

            nms_store<NMS_T>(
                a.backward, (long long)(first_column + c) * a.rows + first_position + p, a.whole_rows && valid >= Run, valid, pruned);
        }
    }

    nms_add(&kept, count);
    NMS_END

    NMS_PHASE
    if (NMS_TID == 0 && kept != 0)
    {
        nms_add_global(a.kept + ((NMS_BLOCK_X + NMS_BLOCK_Y) & 31), kept);
    }
    NMS_END
}
