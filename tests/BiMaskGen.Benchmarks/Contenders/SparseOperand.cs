using BiMaskGen.Benchmarks.Machine;
using BiMaskGen.Kernels.Cpu;
using BiMaskGen.Masks;
using BiMaskGen.Packing;
using BiMaskGen.Patterns;
using BiMaskGen.Permutations;

namespace BiMaskGen.Benchmarks.Contenders;

/// <summary>Which product of a layer a packed weight is for.</summary>
internal enum Direction
{
    /// <summary>y = x (W⊙Mf)ᵀ.</summary>
    Forward,

    /// <summary>dX = g (W⊙Mb).</summary>
    Backward,
}

/// <summary>
/// A packed weight and its product: the one place of the benchmark that calls the masks, the packer, and the sparse kernels.
/// </summary>
internal abstract unsafe class SparseOperand
{
    /// <summary>Bytes that a product reads of it.</summary>
    internal abstract long Bytes { get; }

    /// <summary>y = x Aᵀ, rows without gaps.</summary>
    internal abstract void Multiply(float* x, int rows, float* y);

    /// <summary>
    /// Masks the weight [out_features, in_features] in place, so that a dense product of it gives the same, and packs it for a batch.
    /// </summary>
    internal static SparseOperand Create(NMPattern pattern, Direction direction, Matrix weight, int batch) =>
        PatternTypes.Dispatch<Maker, SparseOperand>(pattern, new Maker(direction, weight, batch));

    private readonly struct Maker(Direction direction, Matrix weight, int batch) : IPatternBody<SparseOperand>
    {
        public SparseOperand Run<TPattern>()
            where TPattern : struct, INMPattern => new Packed<TPattern>(direction, weight, SparseProduct.FormFor<TPattern>(batch));
    }

    private sealed class Packed<TPattern> : SparseOperand
        where TPattern : struct, INMPattern
    {
        private readonly PackedMatrix _packed;

        internal Packed(Direction direction, Matrix weight, PackedForms form)
        {
            int rows = weight.Rows, columns = weight.Columns;
            var mask = new NMMask(rows, columns);
            ForwardMask.Compute<TPattern>(weight.Span, rows, columns, mask);
            if (direction == Direction.Forward)
            {
                _packed = new PackedMatrix(NMPattern.Of<TPattern>(), rows, columns);
                Packer.PackForward<TPattern>(weight.Span, rows, columns, mask, _packed, form);
            }
            else
            {
                // The layer's own search: what it keeps is what the product has to do.
                var search = new PermutationSearchOptions(PermutationSearch.Swap);
                int[] permutation = RowPermutation.Find(mask, NMPattern.Of<TPattern>(), search).Permutation;
                var forward = mask;
                mask = new NMMask(rows, columns);
                BackwardMask.Compute<TPattern>(weight.Span, rows, columns, forward, permutation, mask);
                _packed = new PackedMatrix(NMPattern.Of<TPattern>(), columns, rows);
                Packer.PackBackward<TPattern>(weight.Span, rows, columns, mask, permutation, _packed, form);
            }

            MaskApply.Multiply(weight.Pointer, mask, weight.Pointer);
        }

        internal override long Bytes => _packed.Bytes;

        internal override void Multiply(float* x, int rows, float* y) =>
            SparseProduct.Multiply<TPattern>(x, rows, _packed.Columns, _packed, y, _packed.Rows, default);
    }
}
