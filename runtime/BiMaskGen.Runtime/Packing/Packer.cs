using BiMaskGen.Kernels.Cpu;
using BiMaskGen.Masks;

namespace BiMaskGen.Packing;

/// <summary>Packs a masked weight for the products of a layer, tile by tile over the threads, into buffers already there.</summary>
public static unsafe class Packer
{
    /// <summary>Packs W ⊙ Mf for y = x (W ⊙ Mf)ᵀ: rows are out_features, the contraction is in_features.</summary>
    /// <typeparam name="TPattern">The pattern of the mask along in_features.</typeparam>
    /// <param name="weight">W, row-major.</param>
    /// <param name="outFeatures">Rows of W.</param>
    /// <param name="inFeatures">Columns of W.</param>
    /// <param name="forward">Mf.</param>
    /// <param name="destination">A matrix [out_features × in_features] of the pattern.</param>
    /// <param name="forms">The layouts to fill; the others are void afterwards.</param>
    /// <param name="channelOrder">channelOrder[p] = column of W at position p, where groups lie along that order; empty for their own.</param>
    /// <exception cref="ArgumentException">Shapes or patterns disagree, the order is none, or a group of the mask holds more than N.</exception>
    public static void PackForward<TPattern>(
        ReadOnlySpan<float> weight,
        int outFeatures,
        int inFeatures,
        NMMask forward,
        PackedMatrix destination,
        PackedForms forms = PackedForms.All,
        ReadOnlySpan<int> channelOrder = default)
        where TPattern : struct, INMPattern
    {
        Check<TPattern>(weight, outFeatures, inFeatures, forward, destination, outFeatures, inFeatures);
        destination.SetColumnOrder(channelOrder);
        destination.Forms = PackedForms.None;
        bool parallel = IsParallel(weight.Length);
        fixed (float* w = weight)
        {
            if ((forms & PackedForms.Groups) != 0)
            {
                GroupPacker.Rows<TPattern>(w, forward, destination.ColumnOrder, destination.GroupForm, parallel);
            }

            if ((forms & PackedForms.Quads) != 0)
            {
                QuadPacker.Rows(w, forward, destination.QuadForm, parallel);
            }
        }

        destination.Forms = forms;
    }

    /// <summary>
    /// Packs (W ⊙ Mb)ᵀ for dX = g (W ⊙ Mb): rows are in_features, the contraction is out_features in the order of the permutation.
    /// </summary>
    /// <typeparam name="TPattern">The pattern of the mask along the permuted out_features.</typeparam>
    /// <param name="weight">W, row-major.</param>
    /// <param name="outFeatures">Rows of W.</param>
    /// <param name="inFeatures">Columns of W.</param>
    /// <param name="backward">Mb.</param>
    /// <param name="permutation">permutation[r] = row of W at position r; empty for their own order.</param>
    /// <param name="destination">A matrix [in_features × out_features] of the pattern.</param>
    /// <param name="forms">The layouts to fill; the others are void afterwards.</param>
    /// <exception cref="ArgumentException">Shapes or patterns disagree, the permutation is none, or a group holds more than N.</exception>
    public static void PackBackward<TPattern>(
        ReadOnlySpan<float> weight,
        int outFeatures,
        int inFeatures,
        NMMask backward,
        ReadOnlySpan<int> permutation,
        PackedMatrix destination,
        PackedForms forms = PackedForms.All)
        where TPattern : struct, INMPattern
    {
        Check<TPattern>(weight, outFeatures, inFeatures, backward, destination, inFeatures, outFeatures);
        destination.SetColumnOrder(permutation);
        destination.Forms = PackedForms.None;
        bool parallel = IsParallel(weight.Length);
        fixed (float* w = weight)
        {
            if ((forms & PackedForms.Groups) != 0)
            {
                GroupPacker.Columns<TPattern>(w, backward, destination.ColumnOrder, destination.GroupForm, parallel);
            }

            if ((forms & PackedForms.Quads) != 0)
            {
                QuadPacker.Columns(w, backward, destination.QuadForm, parallel);
            }
        }

        destination.Forms = forms;
    }

    // Some ten microseconds of work for one thread.
    internal static bool IsParallel(long entries) => entries >= 1 << 15;

    private static void Check<TPattern>(
        ReadOnlySpan<float> weight, int outFeatures, int inFeatures, NMMask mask, PackedMatrix destination, int rows, int columns)
        where TPattern : struct, INMPattern
    {
        ArgumentNullException.ThrowIfNull(mask);
        ArgumentNullException.ThrowIfNull(destination);
        if (weight.Length != (long)outFeatures * inFeatures || mask.Rows != outFeatures || mask.Columns != inFeatures)
        {
            throw new ArgumentException(
                $"W is {outFeatures} x {inFeatures}, its span has {weight.Length} entries and its mask is {mask.Rows} x {mask.Columns}.");
        }

        if (destination.Rows != rows || destination.Columns != columns || destination.Pattern != NMPattern.Of<TPattern>())
        {
            throw new ArgumentException(
                $"A {NMPattern.Of<TPattern>()} matrix {rows} x {columns} does not fit one of {destination.Pattern}, " +
                $"{destination.Rows} x {destination.Columns}.",
                nameof(destination));
        }
    }
}
