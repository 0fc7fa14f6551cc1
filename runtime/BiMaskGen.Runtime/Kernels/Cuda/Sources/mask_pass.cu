// One pass over W [rows, columns] that makes both operands of the 2:4 products:
//   forward  [rows, columns]   W ⊙ Mf
//   backward [columns, rows]   (W ⊙ Mb)ᵀ, its columns in the order of the permutation
// Bytes: W is read once, each operand written once; nothing else leaves the chip but a count and a flag.
// A block takes a tile of Positions × Columns, both the largest multiple of M up to 64, so that no group is cut: rows order[p] of W for the
// positions p of the tile. First every thread reads chunks of a row, 16 bytes at a time and all of them before it uses any, ranks the groups
// in registers, writes the forward operand, and leaves in shared memory the weight's bits or, where forward pruned it, a NaN that no finite
// weight is. Then threads rank down the columns of the tile and write the backward operand along its rows.
// With 64 × 64 tiles both reads and both writes are whole 128-byte lines. The pitch of the tile is odd: at M = 4 and fp32, in the first phase
// 4 rows × 8 chunks of a warp, in the second 4 runs of 8 positions × 8 columns fall into 32 different banks. (bf16 and fp16 weights, and
// larger M, have two threads in a bank; shared memory is not what bounds the kernel.)

struct MaskPassArgs
{
    const void* weight;
    const int* order;          // null: the identity
    void* forward;
    void* backward;            // null: forward only
    unsigned long long* kept;  // 32 counters; their sum grows by the entries of the backward mask
    unsigned* flags;           // 1: a weight is NaN or infinite; 2: a finite weight is infinite in the operands' type
    int rows;
    int columns;
    int whole_columns;         // whether rows of W and of the forward operand begin at 16-byte addresses
    int whole_rows;            // whether rows of the backward operand do
};

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

    NMS_SHARED unsigned tile[Positions * Pitch];
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

                const unsigned top = nms_top<NMS_N, NMS_M>(key);
                NMS_UNROLL
                for (int i = 0; i < NMS_M; i++)
                {
                    const bool keeps = (top >> i & 1) != 0;
                    const unsigned code = keeps ? nms_convert<NMS_W, NMS_T>(codes[t][group + i]) : 0;
                    const bool finite = key[i] <= Element<NMS_W>::LargestFinite;
                    problems |= keeps && finite && (int)(code & Element<NMS_T>::Magnitude) > Element<NMS_T>::LargestFinite ? 2u : 0u;
                    pruned[group + i] = code;
                    tile[p * Pitch + c + group + i] = keeps ? codes[t][group + i] : Pruned;
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
        if (a.backward != nullptr && run < Columns * RunsPerColumn && first_column + c < a.columns && valid > 0)
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
