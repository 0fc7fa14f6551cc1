// Rows of a matrix [rows, columns] as 8-bit codes, each row by a scale of its own: scale = the largest |x| / 127 (int8) or / 448 (e4m3),
// code = x * 127 / the largest (448 / the largest) to the nearest, ties to even. A block takes a row and reads it twice, once for its largest entry and once to convert it; the second
// time it comes from the cache. Bytes: x once in, one per entry out.
// Rows beyond `rows`, up to the grid, are filled with zeros: products want their operand in multiples of 16 rows. A row of zeros has the scale 0. A row
// that holds NaN or infinity has the scale NaN and codes 0, so that all its outputs become NaN.

struct QuantizeArgs
{
    const void* source;
    unsigned char* codes;
    float* scales;
    int rows;
    int columns;
    int whole_columns;
};

// By arithmetic that a host does just as a GPU: conversions to e4m3 are instructions only from compute capability 8.9 on.
template <int Type> struct Quantum;

template <> struct Quantum<NMS_I8>
{
    static constexpr float Largest = 127.0f;

    NMS_DEVICE unsigned of(float value)
    {
        const float in_range = value > 127.0f ? 127.0f : value < -127.0f ? -127.0f : value;

        // Around 1.5 * 2^23 floats are whole numbers, so the sum is rounded to one, whose low bits are the code.
        return nms_bits(in_range + 12582912.0f) & 0xFF;
    }
};

template <> struct Quantum<NMS_E4M3>
{
    static constexpr float Largest = 448.0f;

    NMS_DEVICE unsigned of(float value)
    {
        const unsigned bits = nms_bits(value) & 0x7FFFFFFF;
        unsigned code;
        if (bits < 0x3C800000)
        {
            // Below 2^-6 e4m3 is subnormal, in steps of 2^-9, and those are the steps of floats around 2^14.
            code = nms_bits(nms_float(bits) + 16384.0f) & 0xF;
        }
        else
        {
            // Three bits of mantissa are left, and the exponent's bias becomes 7.
            code = ((bits + 0x7FFFF + (bits >> 20 & 1)) >> 20) - (120 << 3);
            code = code > 0x7E ? 0x7E : code;
        }

        return code | (nms_bits(value) >> 24 & 0x80);
    }
};

NMS_KERNEL(quantize, QuantizeArgs)
{
    constexpr int Width = NMS_T == NMS_F32 ? 4 : 8;
    constexpr int Parts = 16;
    NMS_SHARED unsigned largest_of_thread[NMS_THREADS];
    NMS_SHARED unsigned largest_of_part[Parts];

    const int row = NMS_BLOCK_X;
    const long long first = (long long)row * a.columns;
    const int present = row < a.rows ? a.columns : 0;

    // Bits of |x| compare as the numbers do, and those of infinity and NaN are above all others.
    NMS_PHASE
    unsigned largest = 0;
    for (int column = NMS_TID * Width; column < present; column += NMS_THREADS * Width)
    {
        const int valid = present - column;
        unsigned codes[Width];
        nms_load<NMS_T>(a.source, first + column, a.whole_columns && valid >= Width, valid, codes);
        NMS_UNROLL
        for (int i = 0; i < Width; i++)
        {
            const unsigned bits = nms_bits(nms_widen<NMS_T>(codes[i])) & 0x7FFFFFFF;
            largest = bits > largest ? bits : largest;
        }
    }

    largest_of_thread[NMS_TID] = largest;
    NMS_END

    NMS_PHASE
    if (NMS_TID < Parts)
    {
        unsigned largest = 0;
        NMS_UNROLL
        for (int i = 0; i < NMS_THREADS / Parts; i++)
        {
            const unsigned other = largest_of_thread[i * Parts + NMS_TID];
            largest = other > largest ? other : largest;
        }

        largest_of_part[NMS_TID] = largest;
    }
    NMS_END

    NMS_PHASE
    unsigned largest = 0;
    NMS_UNROLL
    for (int i = 0; i < Parts; i++)
    {
        largest = largest_of_part[i] > largest ? largest_of_part[i] : largest;
    }

    const bool finite = largest < 0x7F800000;
    const float magnitude = finite ? nms_float(largest) : 0.0f;

    // Not infinite where the row is all but zero: 0 times that would be NaN.
    const float quotient = Quantum<NMS_Q>::Largest / magnitude;
    const float inverse = quotient < 3.4028235e38f ? quotient : 3.4028235e38f;
    for (int column = NMS_TID * Width; column < a.columns; column += NMS_THREADS * Width)
    {
        const int valid = present - column;
        unsigned codes[Width];
        nms_load<NMS_T>(a.source, first + column, a.whole_columns && valid >= Width, valid, codes);
        unsigned words[Width / 4] = {};
        NMS_UNROLL
        for (int i = 0; i < Width; i++)
        {
            const unsigned code = finite ? Quantum<NMS_Q>::of(nms_widen<NMS_T>(codes[i]) * inverse) : 0;
            words[i / 4] |= code << (8 * (i % 4));
        }

        unsigned char* memory = a.codes + first + column;
        if (a.whole_columns && Width == 8)
        {
            const Vector8 vector = {{words[0], words[Width / 4 - 1]}};
            *(Vector8*)memory = vector;
        }
        else if (a.whole_columns)
        {
            *(unsigned*)memory = words[0];
        }
        else
        {
            NMS_UNROLL
            for (int i = 0; i < Width; i++)
            {
                if (column + i < a.columns)
                {
                    memory[i] = (unsigned char)(words[i / 4] >> (8 * (i % 4)));
                }
            }
        }
    }

    if (NMS_TID == 0)
    {
        a.scales[row] = finite ? magnitude / Quantum<NMS_Q>::Largest : nms_float(0x7FC00000);
    }
    NMS_END
}
