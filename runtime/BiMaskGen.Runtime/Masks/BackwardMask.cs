using System.Runtime.Intrinsics;

namespace BiMaskGen.Masks;

/// <summary>
/// The Bi-Mask backward mask: top(N, M, along permuted out_features) of |W ⊙ Mf|, un-permuted, ∧ Mf. What forward pruned ranks below a
/// kept zero, so every group of every column keeps min(N, weights that forward kept there).
/// </summary>
public static unsafe class BackwardMask
{
    /// <summary>Computes the mask.</summary>
    /// <typeparam name="TPattern">N:M.</typeparam>
    /// <param name="weight">The weight, finite (<see cref="WeightCheck"/>), [rows, columns] without gaps.</param>
    /// <param name="rows">out_features.</param>
    /// <param name="columns">in_features.</param>
    /// <param name="forward">The forward mask.</param>
    /// <param name="permutation">permutation[r] = original row at position r.</param>
    /// <param name="backward">Overwritten; another object than <paramref name="forward"/>.</param>
    /// <exception cref="ArgumentException">The two masks are one object, or a size does not fit.</exception>
    public static void Compute<TPattern>(
        ReadOnlySpan<float> weight, int rows, int columns, NMMask forward, ReadOnlySpan<int> permutation, NMMask backward)
        where TPattern : struct, INMPattern =>
        Compute(NMPattern.Of<TPattern>(), weight, rows, columns, forward, permutation, backward);

    /// <summary>Computes the mask.</summary>
    /// <param name="pattern">N:M.</param>
    /// <param name="weight">The weight, finite (<see cref="WeightCheck"/>), [rows, columns] without gaps.</param>
    /// <param name="rows">out_features.</param>
    /// <param name="columns">in_features.</param>
    /// <param name="forward">The forward mask.</param>
    /// <param name="permutation">permutation[r] = original row at position r.</param>
    /// <param name="backward">Overwritten; another object than <paramref name="forward"/>.</param>
    /// <exception cref="ArgumentException">The two masks are one object, or a size does not fit.</exception>
    public static void Compute(
        NMPattern pattern,
        ReadOnlySpan<float> weight,
        int rows,
        int columns,
        NMMask forward,
        ReadOnlySpan<int> permutation,
        NMMask backward) =>
        Compute(pattern, weight, rows, columns, forward, permutation, backward, 0, pattern.GroupsIn(rows));

    /// <summary>Computes the rows of some groups. Calls for different groups may run at the same time.</summary>
    /// <param name="pattern">N:M.</param>
    /// <param name="weight">The weight, finite (<see cref="WeightCheck"/>), [rows, columns] without gaps.</param>
    /// <param name="rows">out_features.</param>
    /// <param name="columns">in_features.</param>
    /// <param name="forward">The forward mask.</param>
    /// <param name="permutation">permutation[r] = original row at position r.</param>
    /// <param name="backward">The rows of these groups are overwritten; another object than <paramref name="forward"/>.</param>
    /// <param name="firstGroup">The first group of M positions.</param>
    /// <param name="groupCount">Groups to compute.</param>
    /// <exception cref="ArgumentException">The two masks are one object, or a size does not fit.</exception>
    public static void Compute(
        NMPattern pattern,
        ReadOnlySpan<float> weight,
        int rows,
        int columns,
        NMMask forward,
        ReadOnlySpan<int> permutation,
        NMMask backward,
        int firstGroup,
        int groupCount)
    {
        MaskArguments.CheckPattern(pattern);
        MaskArguments.CheckWeight(weight, rows, columns);
        MaskArguments.CheckMask(forward, rows, columns, nameof(forward));
        MaskArguments.CheckMask(backward, rows, columns, nameof(backward));
        MaskArguments.CheckRange(firstGroup, groupCount, pattern.GroupsIn(rows), nameof(groupCount));
        MaskArguments.CheckPermutation(permutation, rows);
        if (ReferenceEquals(forward, backward))
        {
            throw new ArgumentException("The backward mask cannot overwrite the forward mask.", nameof(backward));
        }

        fixed (float* source = weight)
        fixed (ulong* forwardWords = forward.Words)
        fixed (ulong* backwardWords = backward.Words)
        fixed (int* order = permutation)
        {
            var layer = new BackwardKernel.Layer((int*)source, columns, forwardWords, backwardWords, forward.WordsPerRow);
            for (int group = firstGroup; group < firstGroup + groupCount; group++)
            {
                int position = group * pattern.M;
                Group(pattern.N, layer, order + position, Math.Min(pattern.M, rows - position));
            }
        }
    }

    /// <summary>Computes the mask rows of one group.</summary>
    internal static void Group(int n, in BackwardKernel.Layer layer, int* rows, int members)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            BackwardKernel.Group<Simd512, Vector512<int>>(n, layer, rows, members);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            BackwardKernel.Group<Simd256, Vector256<int>>(n, layer, rows, members);
        }
        else
        {
            BackwardKernel.Group<Simd128, Vector128<int>>(n, layer, rows, members);
        }
    }
}
