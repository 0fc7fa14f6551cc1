// The transposable mask of 2:4 as bits: of every 4 × 4 block the pattern with two entries in each row and column that keeps the most magnitude. All 90
// are tried in the order of the CPU's (Masks/Blocks/TwoOfFourBlock.cs), with its sums in double precision in its order, so that ties fall alike. The
// fourth row of a pattern follows from the other three, and every index is known to the compiler: sums stay in registers.
// Bytes: W is read once; the words are 1/32 of its bytes in fp32. Masks stay for many steps, so that arithmetic may bound the kernel.
// A thread takes a block, a thread block 1024 columns of four rows, whose words it puts together in shared memory.

struct TransposableArgs
{
    const void* weight;
    unsigned* words;  // [rows, words_per_row], column c of a row in bit c % 32 of word c / 32
    unsigned* flags;  // 1: a weight is NaN or infinite
    int rows;
    int columns;
    int words_per_row;
    int whole_columns;
};

// The pairs of columns that a row can keep: 01, 02, 03, 12, 13, 23.
NMS_DEVICE constexpr unsigned pair_bits(int pair) { return pair == 0 ? 3u : pair == 1 ? 5u : pair == 2 ? 9u : pair == 3 ? 6u : pair == 4 ? 10u : 12u; }

NMS_DEVICE constexpr int pair_of(unsigned bits) { return bits == 3u ? 0 : bits == 5u ? 1 : bits == 9u ? 2 : bits == 6u ? 3 : bits == 10u ? 4 : bits == 12u ? 5 : -1; }

// The pair of the fourth row that gives every column two entries, or −1.
NMS_DEVICE constexpr int last_pair(int a, int b, int c)
{
    const unsigned x = pair_bits(a), y = pair_bits(b), z = pair_bits(c);
    const unsigned odd = x ^ y ^ z;
    const unsigned twice = (x & y) | (x & z) | (y & z);

    // A column in all three has too many; one in none would need two more.
    return (x & y & z) == 0 && (odd | twice) == 15u ? pair_of(odd) : -1;
}

// Tries the patterns from one choice of the first three rows on. A recursion of templates: as loops it takes compilers ten times as long.
template <int Choice> struct Patterns
{
    static const int I = Choice / 36, J = Choice / 6 % 6, K = Choice % 6, L = last_pair(I, J, K);

    NMS_DEVICE void best_of(const double (&pair)[4][6], double& best, unsigned& found)
    {
        if (L >= 0)
        {
            const double mass = (pair[0][I] + pair[1][J]) + (pair[2][K] + pair[3][L < 0 ? 0 : L]);
            const bool better = mass > best;
            best = better ? mass : best;
            found = better ? pair_bits(I) | pair_bits(J) << 4 | pair_bits(K) << 8 | pair_bits(L) << 12 : found;
        }

        Patterns<Choice + 1>::best_of(pair, best, found);
    }
};

template <> struct Patterns<216>
{
    NMS_DEVICE void best_of(const double (&)[4][6], double&, unsigned&) {}
};

NMS_KERNEL(transposable, TransposableArgs)
{
    constexpr int Side = 4;
    constexpr int Pairs = 6;
    constexpr int BlocksPerWord = 32 / Side;

    NMS_SHARED unsigned kept[NMS_THREADS];

    const int first_word = NMS_BLOCK_X * (NMS_THREADS / BlocksPerWord);
    for (int row = NMS_BLOCK_Y * Side; row < a.rows; row += NMS_GRID_Y * Side)
    {
        NMS_PHASE
        const int column = first_word * 32 + NMS_TID * Side;
        const int valid = a.columns - column;
        double pair[Side][Pairs];
        unsigned problems = 0;
        NMS_UNROLL
        for (int r = 0; r < Side; r++)
        {
            unsigned codes[Side] = {};
            if (row + r < a.rows && valid > 0)
            {
                nms_load<NMS_W>(a.weight, (long long)(row + r) * a.columns + column, a.whole_columns && valid >= Side, valid, codes);
            }

            double size[Side];
            NMS_UNROLL
            for (int i = 0; i < Side; i++)
            {
                const unsigned magnitude = codes[i] & Element<NMS_W>::Magnitude;
                problems |= (int)magnitude > Element<NMS_W>::LargestFinite ? 1u : 0u;
                size[i] = nms_widen<NMS_W>(magnitude);
            }

            pair[r][0] = size[0] + size[1];
            pair[r][1] = size[0] + size[2];
            pair[r][2] = size[0] + size[3];
            pair[r][3] = size[1] + size[2];
            pair[r][4] = size[1] + size[3];
            pair[r][5] = size[2] + size[3];
        }

        double best = -1;
        unsigned found = 0;
        Patterns<0>::best_of(pair, best, found);

        const unsigned inside = valid >= Side ? 15u : valid > 0 ? (1u << valid) - 1 : 0;
        kept[NMS_TID] = found & inside * 0x1111u;
        if (problems != 0)
        {
            nms_or_global(a.flags, problems);
        }
        NMS_END

        NMS_PHASE
        const int r = NMS_TID / (NMS_THREADS / BlocksPerWord);
        const int at = NMS_TID % (NMS_THREADS / BlocksPerWord);
        if (r < Side && row + r < a.rows && first_word + at < a.words_per_row)
        {
            unsigned word = 0;
            NMS_UNROLL
            for (int i = 0; i < BlocksPerWord; i++)
            {
                word |= (kept[at * BlocksPerWord + i] >> (Side * r) & 15u) << (Side * i);
            }

            a.words[(long long)(row + r) * a.words_per_row + first_word + at] = word;
        }
        NMS_END
    }
}
