// An unbiased sample of the gradient along the batch, NMS_GROUP = 4: two of four (arXiv 2404.01847), 2: one of two (arXiv 2203.10991). It draws what
// the CPU draws (Kernels/Cpu/Sampling): by generator, place and entries alone, with its arithmetic, nothing fused, so that both draw the same entries.
// Bytes: g is read once, the sample written once. A thread takes 16 bytes of columns and goes down the groups of rows.

struct SampleArgs
{
    const void* gradient;
    void* sampled;             // [rows, columns], of type NMS_T as g
    unsigned long long state;  // of the generator at place 0
    int rows;
    int columns;
    int whole_columns;
};

#ifdef NMS_HOST
NMS_DEVICE float exact_mul(float a, float b) { return a * b; }
NMS_DEVICE float exact_add(float a, float b) { return a + b; }
NMS_DEVICE float exact_div(float a, float b) { return a / b; }
#else
// Written out: a compiler may fuse a product with a sum, which draws other entries.
NMS_DEVICE float exact_mul(float a, float b)
{
    float result;
    asm("mul.rn.f32 %0, %1, %2;" : "=f"(result) : "f"(a), "f"(b));
    return result;
}

NMS_DEVICE float exact_add(float a, float b)
{
    float result;
    asm("add.rn.f32 %0, %1, %2;" : "=f"(result) : "f"(a), "f"(b));
    return result;
}

NMS_DEVICE float exact_div(float a, float b)
{
    float result;
    asm("div.rn.f32 %0, %1, %2;" : "=f"(result) : "f"(a), "f"(b));
    return result;
}
#endif

NMS_DEVICE float magnitude_of(float value) { return nms_float(nms_bits(value) & 0x7FFFFFFF); }

NMS_DEVICE float with_sign(float magnitude, float sign) { return nms_float((nms_bits(magnitude) & 0x7FFFFFFF) | (nms_bits(sign) & 0x80000000)); }

// SplitMix64's number at a place.
NMS_DEVICE unsigned long long number_at(unsigned long long state, unsigned long long place)
{
    unsigned long long z = state + (place + 1) * 0x9E3779B97F4A7C15ull;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
}

// A sum that is NaN or past the largest float leaves nothing to draw by: one NaN stands for the group.
NMS_DEVICE bool can_draw(float sum) { return sum < nms_float(0x7F800000); }

NMS_DEVICE void sample_group(float (&entry)[2], float first, float)
{
    const float a = magnitude_of(entry[0]), sum = exact_add(a, magnitude_of(entry[1]));
    const bool takes_a = exact_mul(first, sum) < a;
    entry[0] = !can_draw(sum) ? nms_float(0x7FC00000) : takes_a ? with_sign(sum, entry[0]) : 0.0f;
    entry[1] = !can_draw(sum) || takes_a ? 0.0f : with_sign(sum, entry[1]);
}

// Takes one magnitude out of those that are left; their sum before.
NMS_DEVICE float draw(float (&left)[4], float uniform)
{
    const float up_to_b = exact_add(left[0], left[1]), up_to_c = exact_add(up_to_b, left[2]), sum = exact_add(up_to_c, left[3]);
    const float at = exact_mul(uniform, sum);
    const bool below_a = at < left[0], below_b = at < up_to_b, below_c = at < up_to_c;
    left[3] = below_c ? left[3] : 0.0f;
    left[2] = below_b ? left[2] : below_c ? 0.0f : left[2];
    left[1] = below_a ? left[1] : below_b ? 0.0f : left[1];
    left[0] = below_a ? 0.0f : left[0];
    return sum;
}

// What stands for each entry that is kept: S / (1 + Σ_{k ≠ i} m_k / (S − m_k)), by the CPU's one division (SampledTwoOfFour.cs says why so).
NMS_DEVICE void scale_four(const float (&all)[4], float sum, float (&scaled)[4])
{
    const float up = sum < 1.0f / (1ll << 40) ? 1.2676506e30f : 1.0f;
    const float unit = exact_div(1.0f, exact_mul(sum, up));
    const float a = exact_mul(exact_mul(all[0], up), unit), b = exact_mul(exact_mul(all[1], up), unit);
    const float c = exact_mul(exact_mul(all[2], up), unit), d = exact_mul(exact_mul(all[3], up), unit);
    const float ab = exact_add(a, b), cd = exact_add(c, d);
    const float ra = exact_add(b, cd), rb = exact_add(a, cd), rc = exact_add(d, ab), rd = exact_add(c, ab);
    const float pab = exact_mul(ra, rb), pcd = exact_mul(rc, rd);
    const float nab = exact_add(exact_mul(a, rb), exact_mul(b, ra)), ncd = exact_add(exact_mul(c, rd), exact_mul(d, rc));
    const float da = exact_add(pcd, exact_mul(rb, ncd)), db = exact_add(pcd, exact_mul(ra, ncd));
    const float dc = exact_add(pab, exact_mul(rd, nab)), dd = exact_add(pab, exact_mul(rc, nab));
    const float dab = exact_mul(da, db), dcd = exact_mul(dc, dd);
    const float scale = exact_div(sum, exact_mul(dab, dcd));
    const float for_ab = exact_mul(exact_mul(scale, pcd), dcd), for_cd = exact_mul(exact_mul(scale, pab), dab);
    scaled[0] = exact_mul(exact_mul(rb, db), for_ab);
    scaled[1] = exact_mul(exact_mul(ra, da), for_ab);
    scaled[2] = exact_mul(exact_mul(rd, dd), for_cd);
    scaled[3] = exact_mul(exact_mul(rc, dc), for_cd);
}

NMS_DEVICE void sample_group(float (&entry)[4], float first, float second)
{
    float all[4];
    float left[4];
    NMS_UNROLL
    for (int i = 0; i < 4; i++)
    {
        all[i] = left[i] = magnitude_of(entry[i]);
    }

    const float sum = draw(left, first);
    draw(left, second);
    float scaled[4];
    scale_four(all, sum, scaled);

    // Where nothing is left undrawn all entries are kept with certainty, and as they are.
    const float rest = exact_add(exact_add(left[0], left[1]), exact_add(left[2], left[3]));
    NMS_UNROLL
    for (int i = 0; i < 4; i++)
    {
        const float drawn = left[i] < all[i] ? with_sign(scaled[i], entry[i]) : 0.0f;
        const float value = 0 < rest ? drawn : entry[i];
        entry[i] = can_draw(sum) ? value : i == 0 ? nms_float(0x7FC00000) : 0.0f;
    }
}

NMS_KERNEL(sample, SampleArgs)
{
    constexpr int Kept = NMS_GROUP / 2;
    constexpr int Width = NMS_T == NMS_F32 ? 4 : 8;

    NMS_PHASE
    const int column = (NMS_BLOCK_X * NMS_THREADS + NMS_TID) * Width;
    const int valid = a.columns - column;
    const bool whole = a.whole_columns && valid >= Width;
    for (int group = NMS_BLOCK_Y; (long long)group * NMS_GROUP < a.rows && valid > 0; group += NMS_GRID_Y)
    {
        const int row = group * NMS_GROUP;
        unsigned codes[NMS_GROUP][Width];
        NMS_UNROLL
        for (int r = 0; r < NMS_GROUP; r++)
        {
            NMS_UNROLL
            for (int i = 0; i < Width; i++)
            {
                codes[r][i] = 0;
            }

            if (row + r < a.rows)
            {
                nms_load<NMS_T>(a.gradient, (long long)(row + r) * a.columns + column, whole, valid, codes[r]);
            }
        }

        // A rest of as many rows as a group keeps is kept whole; a longer one is a group with zeros behind it.
        if (a.rows - row > Kept)
        {
            NMS_UNROLL
            for (int i = 0; i < Width; i++)
            {
                const unsigned long long bits = number_at(a.state, (unsigned long long)group * a.columns + column + i);
                const float first = (float)(unsigned)(bits >> 40) * (1.0f / (1 << 24)), second = (float)((unsigned)bits >> 8) * (1.0f / (1 << 24));
                float entry[NMS_GROUP];
                NMS_UNROLL
                for (int r = 0; r < NMS_GROUP; r++)
                {
                    entry[r] = nms_widen<NMS_T>(codes[r][i]);
                }

                sample_group(entry, first, second);
                NMS_UNROLL
                for (int r = 0; r < NMS_GROUP; r++)
                {
                    codes[r][i] = nms_narrow<NMS_T>(entry[r]);
                }
            }
        }

        NMS_UNROLL
        for (int r = 0; r < NMS_GROUP; r++)
        {
            if (row + r < a.rows)
            {
                nms_store<NMS_T>(a.sampled, (long long)(row + r) * a.columns + column, whole, valid, codes[r]);
            }
        }
    }
    NMS_END
}
