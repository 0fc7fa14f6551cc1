using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using BiMaskGen.Packing;

namespace BiMaskGen.Kernels.Cpu;

/// <summary>Products of a batch with an N:M matrix: y = x (W⊙Mf)ᵀ + b, and dX = g (W⊙Mb).</summary>
public static unsafe class SparseProduct
{
    /// <summary>Largest batch that the kernel with vectors over the rows takes.</summary>
    internal const int MaxWindowBatch = 32;

    /// <summary>y[b, r] = activation(Σ_p A[r, p] x[b, p] + bias[r]), single precision.</summary>
    /// <typeparam name="TPattern">The pattern of A.</typeparam>
    /// <param name="x">The input, batch rows of A's columns in their own order.</param>
    /// <param name="batch">Rows of x and y.</param>
    /// <param name="ldx">Entries from one row of x to the next.</param>
    /// <param name="a">A, packed.</param>
    /// <param name="y">The output, batch rows of A's rows; must not overlap x.</param>
    /// <param name="ldy">Entries from one row of y to the next.</param>
    /// <param name="epilogue">Bias per row of A, activation, and where the value before the activation goes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The batch is negative, or a leading dimension is shorter than its row.</exception>
    /// <exception cref="ArgumentException">A is of another pattern.</exception>
    public static void Multiply<TPattern>(float* x, int batch, int ldx, PackedMatrix a, float* y, int ldy, in Epilogue epilogue)
        where TPattern : struct, INMPattern
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentOutOfRangeException.ThrowIfNegative(batch);
        ArgumentOutOfRangeException.ThrowIfLessThan(ldx, a.Columns);
        ArgumentOutOfRangeException.ThrowIfLessThan(ldy, a.Rows);
        if (a.Pattern != NMPattern.Of<TPattern>())
        {
            throw new ArgumentException($"The matrix is packed as {a.Pattern}, not {NMPattern.Of<TPattern>()}.", nameof(a));
        }

        if (batch > 0)
        {
            Call<TPattern> call = new()
            {
                Problem = new() { X = x, Batch = batch, StrideX = ldx, A = a, Y = y, StrideY = ldy, Epilogue = epilogue },
            };
            VectorWidth.Dispatch(ref call);
        }

        GC.KeepAlive(a);
    }

    private struct Call<TPattern> : IWidthBody
        where TPattern : struct, INMPattern
    {
        public SparseProblem Problem;

        public readonly void Run<TLanes, TVec>()
            where TLanes : struct, ILanes<TVec>
            where TVec : unmanaged
        {
            bool small = Problem.Batch <= MaxWindowBatch;
            if (small && Avx512F.IsSupported && typeof(TVec) == typeof(Vector512<float>)
                && SparseWindows<TPattern, Lanes512, Vector512<float>, Window512>.Fits)
            {
                SparseWindows<TPattern, Lanes512, Vector512<float>, Window512>.Run(Problem);
            }
            else if (small && Avx2.IsSupported && typeof(TVec) == typeof(Vector256<float>)
                && SparseWindows<TPattern, Lanes256, Vector256<float>, Window256>.Fits)
            {
                SparseWindows<TPattern, Lanes256, Vector256<float>, Window256>.Run(Problem);
            }
            else
            {
                SparsePanels<TLanes, TVec>.Run(Problem);
            }
        }
    }
}
