using System.Numerics;
using System.Runtime.InteropServices;
using BiMaskGen.Kernels.Cpu;
using BiMaskGen.Masks;

namespace BiMaskGen.Sparsify;

// Frantar and Alistarh, arXiv 2301.00774. Columns are visited in the order of the channels. At a group's first column its mask is chosen by
// w² / U[j, j]², from the weights as they are by then; a pruned weight's error e = w / U[j, j] then goes to all columns k not yet visited, as
// w[k] −= e · U[j, k]. Rows know nothing of each other. Within a block of columns each row does that by itself; what a block owes to the columns
// beyond it is one dense product.

/// <summary>Prunes a layer so that its output on the calibration data changes little: chooses the mask and moves the kept weights.</summary>
internal static unsafe class SparseGptSolver
{
    private const int BlockColumns = 128;

    /// <summary>Prunes a weight.</summary>
    /// <param name="pattern">N:M along the order.</param>
    /// <param name="weight">W, row-major, finite.</param>
    /// <param name="order">order[p] = the original column at position p.</param>
    /// <param name="factor">U for the features in the same order.</param>
    /// <param name="mask">All zero; the kept entries are set.</param>
    /// <returns>The new weight, row-major, pruned entries zero.</returns>
    internal static float[] Prune(NMPattern pattern, ReadOnlySpan<float> weight, int[] order, InverseFactor factor, NMMask mask)
    {
        int rows = mask.Rows, columns = mask.Columns, block = Math.Max(1, BlockColumns / pattern.M) * pattern.M;
        float[] ordered = GC.AllocateUninitializedArray<float>(weight.Length);
        float[] result = GC.AllocateUninitializedArray<float>(weight.Length);
        float* factorRows = (float*)NativeMemory.AllocZeroed(checked((nuint)block * (nuint)columns), sizeof(float));
        float* errors = (float*)NativeMemory.Alloc(checked((nuint)rows * (nuint)block), sizeof(float));
        try
        {
            fixed (float* source = weight, work = ordered, target = result)
            {
                CpuPool.For(rows, new ReorderBody { Source = source, Target = work, Order = order });
                for (int first = 0; first < columns; first += block)
                {
                    int width = Math.Min(block, columns - first), rest = columns - first - width;
                    factor.CopyRows(first, width, factorRows);
                    CpuPool.For(rows, new BlockBody
                    {
                        Pattern = pattern,
                        Weight = work,
                        Columns = columns,
                        First = first,
                        Width = width,
                        Factor = factorRows,
                        Errors = errors,
                        Order = order,
                        Mask = mask,
                    });
                    float* beyond = work + first + width;
                    Gemm.Multiply(
                        false, false, rows, rest, width, -1, errors, width, factorRows + first + width, columns, 1, beyond, columns);
                }

                CpuPool.For(rows, new ReorderBody { Source = work, Target = target, Order = order, Scatters = true });
            }
        }
        finally
        {
            NativeMemory.Free(factorRows);
            NativeMemory.Free(errors);
        }

        return result;
    }

    private struct ReorderBody : IRangeBody
    {
        public float* Source;
        public float* Target;
        public int[] Order;
        public bool Scatters;

        public readonly void Invoke(int index)
        {
            nint row = (nint)index * Order.Length;
            for (int position = 0; position < Order.Length; position++)
            {
                if (Scatters)
                {
                    Target[row + Order[position]] = Source[row + position];
                }
                else
                {
                    Target[row + position] = Source[row + Order[position]];
                }
            }
        }
    }

    /// <summary>A block of columns of one row.</summary>
    private struct BlockBody : IRangeBody
    {
        public NMPattern Pattern;
        public float* Weight;
        public int Columns;
        public int First;
        public int Width;
        public float* Factor;
        public float* Errors;
        public int[] Order;
        public NMMask Mask;

        public readonly void Invoke(int index)
        {
            float* weight = Weight + ((nint)index * Columns) + First, errors = Errors + ((nint)index * Width);
            float* scores = stackalloc float[NMPattern.MaxM];
            for (int group = 0; group < Width; group += Pattern.M)
            {
                int members = Math.Min(Pattern.M, Width - group);
                for (int i = 0; i < members; i++)
                {
                    scores[i] = weight[group + i] / FactorRow(group + i)[group + i];
                }

                ulong kept;
                ForwardMask.Row(Pattern, (int*)scores, members, &kept);
                for (int j = group; j < group + members; j++, kept >>= 1)
                {
                    errors[j] = 0;
                    if ((kept & 1) != 0)
                    {
                        Mask.Set(index, Order[First + j]);
                    }
                    else
                    {
                        // Later members of the group have moved since the scores were taken.
                        errors[j] = weight[j] / FactorRow(j)[j];
                        weight[j] = 0;
                        Propagate(errors[j], FactorRow(j), weight, j + 1, Width);
                    }
                }
            }
        }

        /// <summary>Row j of U within the block.</summary>
        private readonly float* FactorRow(int j) => Factor + ((nint)j * Columns) + First;

        private static void Propagate(float error, float* factor, float* weight, int first, int end)
        {
            Vector<float> errors = new(-error);
            int k = first;
            for (; k <= end - Vector<float>.Count; k += Vector<float>.Count)
            {
                Vector.Store(Vector.MultiplyAddEstimate(errors, Vector.Load(factor + k), Vector.Load(weight + k)), weight + k);
            }

            for (; k < end; k++)
            {
                weight[k] -= error * factor[k];
            }
        }
    }
}
