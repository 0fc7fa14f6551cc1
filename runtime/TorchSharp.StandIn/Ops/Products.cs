using static TorchSharp.torch;

namespace TorchSharp.Ops;

/// <summary>Matrix products outside the graph, on the runtime's GEMM; transposed operands go in as they lie.</summary>
internal static unsafe class Products
{
    /// <summary>C += or = op(A) op(B) on runs of memory.</summary>
    public static void Gemm(
        bool transposeA, bool transposeB, int m, int n, int k, float alpha, ReadOnlySpan<float> a, int lda, ReadOnlySpan<float> b, int ldb, float beta, Span<float> c, int ldc)
    {
        if (m == 0 || n == 0)
            return;
        fixed (float* pa = a, pb = b, pc = c)
            BiMaskGen.Kernels.Cpu.Gemm.Multiply(transposeA, transposeB, m, n, k, alpha, pa, lda, pb, ldb, beta, pc, ldc);
    }

    /// <summary>[.., m, k] × [.., k, n] with broadcast batch dimensions.</summary>
    public static Tensor Batched(Tensor a, Tensor b)
    {
        (long[] sa, long[] sb) = (a.Impl.Shape, b.Impl.Shape);
        (long m, long k, long n) = (sa[^2], sa[^1], sb[^1]);
        if (sb[^2] != k)
            throw Shapes.Error($"mat1 and mat2 shapes cannot be multiplied ([{string.Join(", ", sa)}] and [{string.Join(", ", sb)}])");
        Require(a, b);
        long[] batch = Shapes.Broadcast(sa[..^2], sb[..^2]);

        // One matrix shared by a contiguous batch: a single product with a longer m.
        if (sb.Length == 2 && sa.Length > 2 && a.is_contiguous())
        {
            using var _ = no_grad();
            using Tensor rows = a.view(-1, k);
            using Tensor flat = Batched(rows, b);
            return flat.view([.. batch, m, n]);
        }

        using Matrices x = new(a, batch);
        using Matrices y = new(b, batch);
        TensorImpl result = TensorImpl.Allocate(ScalarType.Float32, [.. batch, m, n]);
        Span<float> target = result.Span<float>();
        var plan = new StridedPlan([.. batch, 1], [.. x.BatchStrides, 1], [.. y.BatchStrides, 1]);
        if (plan.IsEmpty || m * n == 0)
            return new Tensor(result);
        int index = 0;
        do
        {
            for (int i = 0; i < plan.Inner; i++)
            {
                ReadOnlySpan<float> left = x.Values[(plan.Offsets[0] + (int)(i * plan.InnerStrides[0]))..];
                ReadOnlySpan<float> right = y.Values[(plan.Offsets[1] + (int)(i * plan.InnerStrides[1]))..];
                Gemm(x.Transposed, y.Transposed, (int)m, (int)n, (int)k, 1, left, x.Leading, right, y.Leading, 0, target.Slice((int)(index++ * m * n)), (int)n);
            }
        }
        while (plan.Next());
        return new Tensor(result);
    }

    private static void Require(Tensor a, Tensor b)
    {
        if (a.dtype != b.dtype)
            throw Shapes.Error($"expected m1 and m2 to have the same dtype, but got: {a.dtype} != {b.dtype}");
        if (a.dtype != ScalarType.Float32)
            throw ScalarTypes.Unsupported(a.dtype);
    }

    /// <summary>A batch of matrices with the strides GEMM can take; copied only if neither dimension of a matrix is a run.</summary>
    internal readonly ref struct Matrices
    {
        private readonly Tensor packed;

        public Matrices(Tensor source, long[] batch)
        {
            (long rows, long columns) = (source.Impl.Shape[^2], source.Impl.Shape[^1]);
            (long down, long across) = (source.Impl.Strides[^2], source.Impl.Strides[^1]);
            bool straight = (across == 1 || columns == 1) && (down >= Math.Max(1, columns) || rows == 1);
            bool transposed = (down == 1 || rows == 1) && (across >= Math.Max(1, rows) || columns == 1);
            packed = straight || transposed ? new Tensor(source.Impl.AddReference(), register: false) : source.Packed();
            Transposed = !straight && transposed;
            long[] strides = packed.Impl.Strides;
            Leading = (int)(Transposed ? (columns == 1 ? rows : strides[^1]) : (rows == 1 ? columns : strides[^2]));
            BatchStrides = Shapes.ExpandStrides(packed.Impl.Shape[..^2], strides[..^2], batch);
            Values = packed.Impl.Extent<float>();
        }

        public bool Transposed { get; }

        public int Leading { get; }

        public long[] BatchStrides { get; }

        public ReadOnlySpan<float> Values { get; }

        public void Dispose() => packed.Dispose();
    }
}
