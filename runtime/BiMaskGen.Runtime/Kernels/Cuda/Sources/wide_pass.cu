// W ⊙ Mf for groups that mask_pass.cu does not unroll: Mf the N largest of M ≤ 256, N and M known at run time. Structure decay begins with such
// groups; nothing is 2:4 there, so there is no backward operand: dX multiplies this one.
// Bytes: W is read once, the operand written once. Each weight is compared with all M of its group, which lies in shared memory and is read by the
// whole warp at one address; that, not memory, bounds the kernel. It runs for some frames of a run only.
// A block takes whole groups of a row, as many as its threads cover, and goes down the rows.

struct WidePassArgs
{
    const void* weight;
    void* forward;
    unsigned* flags;  // as mask_pass.cu's
    int rows;
    int columns;
    int n;
    int m;
};

NMS_KERNEL(wide_pass, WidePassArgs)
{
    NMS_SHARED unsigned codes[NMS_THREADS];

    const int width = NMS_THREADS / a.m * a.m;
    const int first = NMS_BLOCK_X * width;
    for (int row = NMS_BLOCK_Y; row < a.rows; row += NMS_GRID_Y)
    {
        const long long start = (long long)row * a.columns + first;

        NMS_PHASE
        if (NMS_TID < width && first + NMS_TID < a.columns)
        {
            codes[NMS_TID] = ((const Element<NMS_W>::Memory*)a.weight)[start + NMS_TID];
        }
        NMS_END

        NMS_PHASE
        if (NMS_TID < width && first + NMS_TID < a.columns)
        {
            const int group = NMS_TID / a.m * a.m;
            const int members = a.columns - first - group < a.m ? a.columns - first - group : a.m;
            const int key = (int)(codes[NMS_TID] & Element<NMS_W>::Magnitude);
            int beaten = 0;
            for (int i = 0; i < members; i++)
            {
                const int other = (int)(codes[group + i] & Element<NMS_W>::Magnitude);
                beaten += other > key || (other == key && group + i < NMS_TID) ? 1 : 0;
            }

            const unsigned code = beaten < a.n ? nms_convert<NMS_W, NMS_T>(codes[NMS_TID]) : 0;
            const bool finite = key <= Element<NMS_W>::LargestFinite;
            const bool overflows = finite && (int)(code & Element<NMS_T>::Magnitude) > Element<NMS_T>::LargestFinite;
            if (!finite || overflows)
            {
                nms_or_global(a.flags, finite ? 2u : 1u);
            }

            ((Element<NMS_T>::Memory*)a.forward)[start + NMS_TID] = (Element<NMS_T>::Memory)code;
        }
        NMS_END
    }
}
