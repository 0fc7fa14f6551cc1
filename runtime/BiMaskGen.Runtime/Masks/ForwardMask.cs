using System.Runtime.Intrinsics;

namespace BiMaskGen.Masks;

/// <summary>
/// The forward mask, top(N, M, along in_features) of |W|: of every run of M weights of a row the N largest by magnitude, ties to the
/// lower index; a remainder of r weights keeps min(N, r).
/// </summary>
public static unsafe class ForwardMask
{
    /// <summary>Computes the mask.</summary>
    /// <typeparam name="TPattern">N:M.</typeparam>
    /// <param name="weight">The weight, finite (<see cref="WeightCheck"/>), [rows, columns] without gaps.</param>
    /// <param name="rows">out_features.</param>
    /// <param name="columns">in_features.</param>
    /// <param name="mask">Overwritten.</param>
    public static void Compute<TPattern>(ReadOnlySpan<float> weight, int rows, int columns, NMMask mask)
        where TPattern : struct, INMPattern =>
        Compute(NMPattern.Of<TPattern>(), weight, rows, columns, mask);

    /// <summary>Computes the mask.</summary>
    /// <param name="pattern">N:M.</param>
    /// <param name="weight">The weight, finite (<see cref="WeightCheck"/>), [rows, columns] without gaps.</param>
    /// <param name="rows">out_features.</param>
    /// <param name="columns">in_features.</param>
    /// <param name="mask">Overwritten.</param>
    public static void Compute(NMPattern pattern, ReadOnlySpan<float> weight, int rows, int columns, NMMask mask) =>
        Compute(pattern, weight, rows, columns, mask, 0, rows);

    /// <summary>Computes some rows of the mask. Calls for different rows may run at the same time.</summary>
    /// <param name="pattern">N:M.</param>
    /// <param name="weight">The weight, finite (<see cref="WeightCheck"/>), [rows, columns] without gaps.</param>
    /// <param name="rows">out_features.</param>
    /// <param name="columns">in_features.</param>
    /// <param name="mask">Its rows of the range are overwritten.</param>
    /// <param name="firstRow">The first row to compute.</param>
    /// <param name="rowCount">Rows to compute.</param>
    public static void Compute(
        NMPattern pattern, ReadOnlySpan<float> weight, int rows, int columns, NMMask mask, int firstRow, int rowCount)
    {
        MaskArguments.CheckPattern(pattern);
        MaskArguments.CheckWeight(weight, rows, columns);
        MaskArguments.CheckMask(mask, rows, columns, nameof(mask));
        MaskArguments.CheckRange(firstRow, rowCount, rows, nameof(rowCount));
        fixed (float* source = weight)
        fixed (ulong* words = mask.Words)
        {
            for (int row = firstRow; row < firstRow + rowCount; row++)
            {
                Row(pattern, (int*)source + ((long)row * columns), columns, words + ((long)row * mask.WordsPerRow));
            }
        }
    }

    /// <summary>Computes one row of the mask.</summary>
    internal static void Row(NMPattern pattern, int* weight, int columns, ulong* words)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            ForwardKernel.Row<Simd512, Vector512<int>>(pattern, weight, columns, words);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            ForwardKernel.Row<Simd256, Vector256<int>>(pattern, weight, columns, words);
        }
        else
        {
            ForwardKernel.Row<Simd128, Vector128<int>>(pattern, weight, columns, words);
        }
    }
}
