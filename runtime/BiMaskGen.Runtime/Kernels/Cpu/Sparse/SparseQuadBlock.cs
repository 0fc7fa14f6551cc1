using System.Runtime.CompilerServices;
using BiMaskGen.Packing;

namespace BiMaskGen.Kernels.Cpu;

// Vectors run over the batch: 4 rows × up to 4 registers of accumulators. Each pass of a loop does one multiply-add for every accumulator
// and differs from the other loops only in which rows share a register of input. Everything the loops need is a local: a call would spill
// the accumulators.

/// <summary>The innermost loops of the sparse product over rows in fours.</summary>
internal static unsafe class SparseQuadBlock
{
    /// <summary>Adds one block of the contraction to the outputs of some tiles.</summary>
    /// <param name="tiles">Tiles of 4 rows.</param>
    /// <param name="counts">16 list lengths per tile.</param>
    /// <param name="weights">The stream's weights at the first tile, advanced.</param>
    /// <param name="positions">The stream's positions at the first tile, advanced.</param>
    /// <param name="x">[position in the block][TVectors registers].</param>
    /// <param name="y">[row][TVectors registers].</param>
    /// <param name="first">Whether outputs begin at zero.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run<TLanes, TVec, TVectors>(
        int tiles, byte* counts, ref float* weights, ref byte* positions, float* x, float* y, bool first)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
        where TVectors : struct, ISize
    {
        float* w = weights;
        byte* p = positions;
        nint line = TVectors.Value * TLanes.Count;
        for (; tiles > 0; tiles--)
        {
            TVec a0 = TLanes.Create(0), a1 = a0, a2 = a0, a3 = a0;
            TVec b0 = a0, b1 = a0, b2 = a0, b3 = a0;
            TVec c0 = a0, c1 = a0, c2 = a0, c3 = a0;
            TVec d0 = a0, d1 = a0, d2 = a0, d3 = a0;
            float* yb = y + line, yc = yb + line, yd = yc + line;
            if (!first)
            {
                Load<TLanes, TVec, TVectors>(0, y, ref a0);
                Load<TLanes, TVec, TVectors>(1, y, ref a1);
                Load<TLanes, TVec, TVectors>(2, y, ref a2);
                Load<TLanes, TVec, TVectors>(3, y, ref a3);
                Load<TLanes, TVec, TVectors>(0, yb, ref b0);
                Load<TLanes, TVec, TVectors>(1, yb, ref b1);
                Load<TLanes, TVec, TVectors>(2, yb, ref b2);
                Load<TLanes, TVec, TVectors>(3, yb, ref b3);
                Load<TLanes, TVec, TVectors>(0, yc, ref c0);
                Load<TLanes, TVec, TVectors>(1, yc, ref c1);
                Load<TLanes, TVec, TVectors>(2, yc, ref c2);
                Load<TLanes, TVec, TVectors>(3, yc, ref c3);
                Load<TLanes, TVec, TVectors>(0, yd, ref d0);
                Load<TLanes, TVec, TVectors>(1, yd, ref d1);
                Load<TLanes, TVec, TVectors>(2, yd, ref d2);
                Load<TLanes, TVec, TVectors>(3, yd, ref d3);
            }

            for (int n = counts[0]; n > 0; n--)
            {
                float* f = x + (p[0] * line);
                TVec wa = TLanes.Create(w[0]), wb = TLanes.Create(w[1]), wc = TLanes.Create(w[2]), wd = TLanes.Create(w[3]);
                Four<TLanes, TVec, TVectors>(0, f, wa, wb, wc, wd, ref a0, ref b0, ref c0, ref d0);
                Four<TLanes, TVec, TVectors>(1, f, wa, wb, wc, wd, ref a1, ref b1, ref c1, ref d1);
                Four<TLanes, TVec, TVectors>(2, f, wa, wb, wc, wd, ref a2, ref b2, ref c2, ref d2);
                Four<TLanes, TVec, TVectors>(3, f, wa, wb, wc, wd, ref a3, ref b3, ref c3, ref d3);
                p += 1;
                w += 4;
            }

            for (int n = counts[1]; n > 0; n--)
            {
                float* f = x + (p[0] * line);
                float* g = x + (p[1] * line);
                TVec wa = TLanes.Create(w[0]), wb = TLanes.Create(w[1]), wc = TLanes.Create(w[2]), wd = TLanes.Create(w[3]);
                Three<TLanes, TVec, TVectors>(0, f, g, wa, wb, wc, wd, ref a0, ref b0, ref c0, ref d0);
                Three<TLanes, TVec, TVectors>(1, f, g, wa, wb, wc, wd, ref a1, ref b1, ref c1, ref d1);
                Three<TLanes, TVec, TVectors>(2, f, g, wa, wb, wc, wd, ref a2, ref b2, ref c2, ref d2);
                Three<TLanes, TVec, TVectors>(3, f, g, wa, wb, wc, wd, ref a3, ref b3, ref c3, ref d3);
                p += 2;
                w += 4;
            }

            for (int n = counts[2]; n > 0; n--)
            {
                float* f = x + (p[0] * line);
                float* g = x + (p[1] * line);
                TVec wa = TLanes.Create(w[0]), wb = TLanes.Create(w[1]), wc = TLanes.Create(w[2]), wd = TLanes.Create(w[3]);
                Three<TLanes, TVec, TVectors>(0, f, g, wa, wb, wd, wc, ref a0, ref b0, ref d0, ref c0);
                Three<TLanes, TVec, TVectors>(1, f, g, wa, wb, wd, wc, ref a1, ref b1, ref d1, ref c1);
                Three<TLanes, TVec, TVectors>(2, f, g, wa, wb, wd, wc, ref a2, ref b2, ref d2, ref c2);
                Three<TLanes, TVec, TVectors>(3, f, g, wa, wb, wd, wc, ref a3, ref b3, ref d3, ref c3);
                p += 2;
                w += 4;
            }

            for (int n = counts[3]; n > 0; n--)
            {
                float* f = x + (p[0] * line);
                float* g = x + (p[1] * line);
                TVec wa = TLanes.Create(w[0]), wb = TLanes.Create(w[1]), wc = TLanes.Create(w[2]), wd = TLanes.Create(w[3]);
                Three<TLanes, TVec, TVectors>(0, f, g, wa, wc, wd, wb, ref a0, ref c0, ref d0, ref b0);
                Three<TLanes, TVec, TVectors>(1, f, g, wa, wc, wd, wb, ref a1, ref c1, ref d1, ref b1);
                Three<TLanes, TVec, TVectors>(2, f, g, wa, wc, wd, wb, ref a2, ref c2, ref d2, ref b2);
                Three<TLanes, TVec, TVectors>(3, f, g, wa, wc, wd, wb, ref a3, ref c3, ref d3, ref b3);
                p += 2;
                w += 4;
            }

            for (int n = counts[4]; n > 0; n--)
            {
                float* f = x + (p[0] * line);
                float* g = x + (p[1] * line);
                TVec wa = TLanes.Create(w[0]), wb = TLanes.Create(w[1]), wc = TLanes.Create(w[2]), wd = TLanes.Create(w[3]);
                Three<TLanes, TVec, TVectors>(0, f, g, wb, wc, wd, wa, ref b0, ref c0, ref d0, ref a0);
                Three<TLanes, TVec, TVectors>(1, f, g, wb, wc, wd, wa, ref b1, ref c1, ref d1, ref a1);
                Three<TLanes, TVec, TVectors>(2, f, g, wb, wc, wd, wa, ref b2, ref c2, ref d2, ref a2);
                Three<TLanes, TVec, TVectors>(3, f, g, wb, wc, wd, wa, ref b3, ref c3, ref d3, ref a3);
                p += 2;
                w += 4;
            }

            for (int n = counts[5]; n > 0; n--)
            {
                float* f = x + (p[0] * line);
                float* g = x + (p[1] * line);
                TVec wa = TLanes.Create(w[0]), wb = TLanes.Create(w[1]), wc = TLanes.Create(w[2]), wd = TLanes.Create(w[3]);
                Two<TLanes, TVec, TVectors>(0, f, g, wa, wb, wc, wd, ref a0, ref b0, ref c0, ref d0);
                Two<TLanes, TVec, TVectors>(1, f, g, wa, wb, wc, wd, ref a1, ref b1, ref c1, ref d1);
                Two<TLanes, TVec, TVectors>(2, f, g, wa, wb, wc, wd, ref a2, ref b2, ref c2, ref d2);
                Two<TLanes, TVec, TVectors>(3, f, g, wa, wb, wc, wd, ref a3, ref b3, ref c3, ref d3);
                p += 2;
                w += 4;
            }

            for (int n = counts[6]; n > 0; n--)
            {
                float* f = x + (p[0] * line);
                float* g = x + (p[1] * line);
                TVec wa = TLanes.Create(w[0]), wb = TLanes.Create(w[1]), wc = TLanes.Create(w[2]), wd = TLanes.Create(w[3]);
                Two<TLanes, TVec, TVectors>(0, f, g, wa, wc, wb, wd, ref a0, ref c0, ref b0, ref d0);
                Two<TLanes, TVec, TVectors>(1, f, g, wa, wc, wb, wd, ref a1, ref c1, ref b1, ref d1);
                Two<TLanes, TVec, TVectors>(2, f, g, wa, wc, wb, wd, ref a2, ref c2, ref b2, ref d2);
                Two<TLanes, TVec, TVectors>(3, f, g, wa, wc, wb, wd, ref a3, ref c3, ref b3, ref d3);
                p += 2;
                w += 4;
            }

            for (int n = counts[7]; n > 0; n--)
            {
                float* f = x + (p[0] * line);
                float* g = x + (p[1] * line);
                TVec wa = TLanes.Create(w[0]), wb = TLanes.Create(w[1]), wc = TLanes.Create(w[2]), wd = TLanes.Create(w[3]);
                Two<TLanes, TVec, TVectors>(0, f, g, wa, wd, wb, wc, ref a0, ref d0, ref b0, ref c0);
                Two<TLanes, TVec, TVectors>(1, f, g, wa, wd, wb, wc, ref a1, ref d1, ref b1, ref c1);
                Two<TLanes, TVec, TVectors>(2, f, g, wa, wd, wb, wc, ref a2, ref d2, ref b2, ref c2);
                Two<TLanes, TVec, TVectors>(3, f, g, wa, wd, wb, wc, ref a3, ref d3, ref b3, ref c3);
                p += 2;
                w += 4;
            }

            for (int n = counts[8]; n > 0; n--)
            {
                float* f = x + (p[0] * line);
                float* g = x + (p[1] * line);
                float* h = x + (p[2] * line);
                float* k = x + (p[3] * line);
                TVec wa = TLanes.Create(w[0]), wb = TLanes.Create(w[1]), wc = TLanes.Create(w[2]), wd = TLanes.Create(w[3]);
                Each<TLanes, TVec, TVectors>(0, f, g, h, k, wa, wb, wc, wd, ref a0, ref b0, ref c0, ref d0);
                Each<TLanes, TVec, TVectors>(1, f, g, h, k, wa, wb, wc, wd, ref a1, ref b1, ref c1, ref d1);
                Each<TLanes, TVec, TVectors>(2, f, g, h, k, wa, wb, wc, wd, ref a2, ref b2, ref c2, ref d2);
                Each<TLanes, TVec, TVectors>(3, f, g, h, k, wa, wb, wc, wd, ref a3, ref b3, ref c3, ref d3);
                p += 4;
                w += 4;
            }

            for (int n = counts[9]; n > 0; n--)
            {
                float* f = x + (*p++ * line);
                TVec weight = TLanes.Create(*w++);
                One<TLanes, TVec, TVectors>(0, f, weight, ref a0);
                One<TLanes, TVec, TVectors>(1, f, weight, ref a1);
                One<TLanes, TVec, TVectors>(2, f, weight, ref a2);
                One<TLanes, TVec, TVectors>(3, f, weight, ref a3);
            }

            for (int n = counts[10]; n > 0; n--)
            {
                float* f = x + (*p++ * line);
                TVec weight = TLanes.Create(*w++);
                One<TLanes, TVec, TVectors>(0, f, weight, ref b0);
                One<TLanes, TVec, TVectors>(1, f, weight, ref b1);
                One<TLanes, TVec, TVectors>(2, f, weight, ref b2);
                One<TLanes, TVec, TVectors>(3, f, weight, ref b3);
            }

            for (int n = counts[11]; n > 0; n--)
            {
                float* f = x + (*p++ * line);
                TVec weight = TLanes.Create(*w++);
                One<TLanes, TVec, TVectors>(0, f, weight, ref c0);
                One<TLanes, TVec, TVectors>(1, f, weight, ref c1);
                One<TLanes, TVec, TVectors>(2, f, weight, ref c2);
                One<TLanes, TVec, TVectors>(3, f, weight, ref c3);
            }

            for (int n = counts[12]; n > 0; n--)
            {
                float* f = x + (*p++ * line);
                TVec weight = TLanes.Create(*w++);
                One<TLanes, TVec, TVectors>(0, f, weight, ref d0);
                One<TLanes, TVec, TVectors>(1, f, weight, ref d1);
                One<TLanes, TVec, TVectors>(2, f, weight, ref d2);
                One<TLanes, TVec, TVectors>(3, f, weight, ref d3);
            }

            Store<TLanes, TVec, TVectors>(0, a0, y);
            Store<TLanes, TVec, TVectors>(1, a1, y);
            Store<TLanes, TVec, TVectors>(2, a2, y);
            Store<TLanes, TVec, TVectors>(3, a3, y);
            Store<TLanes, TVec, TVectors>(0, b0, yb);
            Store<TLanes, TVec, TVectors>(1, b1, yb);
            Store<TLanes, TVec, TVectors>(2, b2, yb);
            Store<TLanes, TVec, TVectors>(3, b3, yb);
            Store<TLanes, TVec, TVectors>(0, c0, yc);
            Store<TLanes, TVec, TVectors>(1, c1, yc);
            Store<TLanes, TVec, TVectors>(2, c2, yc);
            Store<TLanes, TVec, TVectors>(3, c3, yc);
            Store<TLanes, TVec, TVectors>(0, d0, yd);
            Store<TLanes, TVec, TVectors>(1, d1, yd);
            Store<TLanes, TVec, TVectors>(2, d2, yd);
            Store<TLanes, TVec, TVectors>(3, d3, yd);
            y = yd + line;
            counts += QuadStream.CountBytes;
        }

        weights = w;
        positions = p;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load<TLanes, TVec, TVectors>(int i, float* y, ref TVec sum)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
        where TVectors : struct, ISize
    {
        if (i < TVectors.Value)
        {
            sum = TLanes.Load(y + (i * TLanes.Count));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store<TLanes, TVec, TVectors>(int i, TVec sum, float* y)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
        where TVectors : struct, ISize
    {
        if (i < TVectors.Value)
        {
            TLanes.Store(sum, y + (i * TLanes.Count));
        }
    }

    /// <summary>Register i of one line for four rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four<TLanes, TVec, TVectors>(
        int i, float* x, TVec wa, TVec wb, TVec wc, TVec wd, ref TVec a, ref TVec b, ref TVec c, ref TVec d)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
        where TVectors : struct, ISize
    {
        if (i < TVectors.Value)
        {
            TVec input = TLanes.Load(x + (i * TLanes.Count));
            a = TLanes.MultiplyAdd(wa, input, a);
            b = TLanes.MultiplyAdd(wb, input, b);
            c = TLanes.MultiplyAdd(wc, input, c);
            d = TLanes.MultiplyAdd(wd, input, d);
        }
    }

    /// <summary>Register i of one line for three rows, of another for the fourth.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Three<TLanes, TVec, TVectors>(
        int i, float* shared, float* single, TVec wa, TVec wb, TVec wc, TVec wd, ref TVec a, ref TVec b, ref TVec c, ref TVec d)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
        where TVectors : struct, ISize
    {
        if (i < TVectors.Value)
        {
            TVec input = TLanes.Load(shared + (i * TLanes.Count));
            a = TLanes.MultiplyAdd(wa, input, a);
            b = TLanes.MultiplyAdd(wb, input, b);
            c = TLanes.MultiplyAdd(wc, input, c);
            d = TLanes.MultiplyAdd(wd, TLanes.Load(single + (i * TLanes.Count)), d);
        }
    }

    /// <summary>Register i of one line for two rows, of another for the other two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Two<TLanes, TVec, TVectors>(
        int i, float* one, float* other, TVec wa, TVec wb, TVec wc, TVec wd, ref TVec a, ref TVec b, ref TVec c, ref TVec d)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
        where TVectors : struct, ISize
    {
        if (i < TVectors.Value)
        {
            TVec input = TLanes.Load(one + (i * TLanes.Count));
            a = TLanes.MultiplyAdd(wa, input, a);
            b = TLanes.MultiplyAdd(wb, input, b);
            input = TLanes.Load(other + (i * TLanes.Count));
            c = TLanes.MultiplyAdd(wc, input, c);
            d = TLanes.MultiplyAdd(wd, input, d);
        }
    }

    /// <summary>Register i of a line for each row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Each<TLanes, TVec, TVectors>(
        int i, float* xa, float* xb, float* xc, float* xd, TVec wa, TVec wb, TVec wc, TVec wd, ref TVec a, ref TVec b, ref TVec c, ref TVec d)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
        where TVectors : struct, ISize
    {
        if (i < TVectors.Value)
        {
            a = TLanes.MultiplyAdd(wa, TLanes.Load(xa + (i * TLanes.Count)), a);
            b = TLanes.MultiplyAdd(wb, TLanes.Load(xb + (i * TLanes.Count)), b);
            c = TLanes.MultiplyAdd(wc, TLanes.Load(xc + (i * TLanes.Count)), c);
            d = TLanes.MultiplyAdd(wd, TLanes.Load(xd + (i * TLanes.Count)), d);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void One<TLanes, TVec, TVectors>(int i, float* x, TVec weight, ref TVec sum)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
        where TVectors : struct, ISize
    {
        if (i < TVectors.Value)
        {
            sum = TLanes.MultiplyAdd(weight, TLanes.Load(x + (i * TLanes.Count)), sum);
        }
    }
}
