using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using BiMaskGen.Packing;

namespace BiMaskGen.Kernels.Cpu;

/// <summary>Products of a batch with an N:M matrix: y = x (W⊙Mf)ᵀ + b, and dX = g (W⊙Mb).</summary>
public static unsafe class SparseProduct
{
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

    /// <summary>The layout that the kernel for a batch reads on this machine.</summary>
    /// <typeparam name="TPattern">The pattern.</typeparam>
    /// <param name="batch">Rows of the input.</param>
    public static PackedForms FormFor<TPattern>(int batch)
        where TPattern : struct, INMPattern =>
        batch <= MaxWindowBatch<TPattern>() && FitsWindows<TPattern>() ? PackedForms.Groups : PackedForms.Quads;

    // Largest batch that the kernel with vectors over the rows takes: its work grows with every row and kept weight, that of the other with
    // every 16 rows. Where shuffles and multiply-adds share their ports it falls behind the sooner, the more is kept. Figures in docs/kernels.md.
    private static int MaxWindowBatch<TPattern>()
        where TPattern : struct, INMPattern => CpuVendor.IsIntel ? 24 : Math.Min(24, 6 * TPattern.M / TPattern.N);

    /// <summary>Whether so many multiplications are worth a second thread: below, waking it costs as much as it saves.</summary>
    internal static bool IsParallel(long multiplications) => multiplications >= 1 << 18;

    private static bool FitsWindows<TPattern>()
        where TPattern : struct, INMPattern =>
        VectorWidth.Bits switch
        {
            512 => Avx512F.IsSupported && SparseWindows<TPattern, Lanes512, Vector512<float>, Window512>.Fits,
            256 => Avx2.IsSupported && SparseWindows<TPattern, Lanes256, Vector256<float>, Window256>.Fits,
            _ => false,
        };

    private struct Call<TPattern> : IWidthBody
        where TPattern : struct, INMPattern
    {
        public SparseProblem Problem;

        public readonly void Run<TLanes, TVec>()
            where TLanes : struct, ILanes<TVec>
            where TVec : unmanaged
        {
            // Either layout serves every batch; one of them is faster.
            PackedForms form = FormFor<TPattern>(Problem.Batch);
            form = (Problem.A.Forms & form) != 0 ? form : Problem.A.Forms;
            if (form == PackedForms.None)
            {
                throw new InvalidOperationException($"The {Problem.A.Pattern} matrix was never packed.");
            }

            if (form == PackedForms.Quads)
            {
                SparsePanels<TLanes, TVec>.Run(Problem, new QuadRows(Problem.A.QuadForm));
            }
            else if (!FitsWindows<TPattern>())
            {
                fixed (int* order = Problem.A.ColumnOrder)
                {
                    SparsePanels<TLanes, TVec>.Run(
                        Problem, new GroupRows<TPattern>(Problem.A.GroupForm, order, Problem.A.Rows, Problem.A.Columns));
                }
            }
            else if (Avx512F.IsSupported && typeof(TVec) == typeof(Vector512<float>))
            {
                SparseWindows<TPattern, Lanes512, Vector512<float>, Window512>.Run(Problem, Problem.A.GroupForm);
            }
            else if (Avx2.IsSupported && typeof(TVec) == typeof(Vector256<float>))
            {
                SparseWindows<TPattern, Lanes256, Vector256<float>, Window256>.Run(Problem, Problem.A.GroupForm);
            }
        }
    }
}
