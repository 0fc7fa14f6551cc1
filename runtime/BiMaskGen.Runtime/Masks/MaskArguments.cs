using BiMaskGen.Permutations;

namespace BiMaskGen.Masks;

/// <summary>The checks that stand before unchecked memory access.</summary>
internal static class MaskArguments
{
    /// <summary>Checks that the pattern is one: default(NMPattern) is 0:0, which no constructor would let through.</summary>
    public static void CheckPattern(NMPattern pattern)
    {
        if (!NMPattern.IsValid(pattern.N, pattern.M))
        {
            throw new NMSparsePatternException(pattern.N, pattern.M);
        }
    }

    /// <summary>Checks that the weight is [rows, columns].</summary>
    public static void CheckWeight(ReadOnlySpan<float> weight, int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        if (weight.Length != (long)rows * columns)
        {
            throw new ArgumentException($"The weight has {weight.Length} entries; [{rows}, {columns}] was expected.", nameof(weight));
        }
    }

    /// <summary>Checks that the mask is [rows, columns].</summary>
    public static void CheckMask(NMMask mask, int rows, int columns, string name)
    {
        ArgumentNullException.ThrowIfNull(mask, name);
        if (mask.Rows != rows || mask.Columns != columns)
        {
            throw new ArgumentException($"The mask is [{mask.Rows}, {mask.Columns}]; [{rows}, {columns}] was expected.", name);
        }
    }

    /// <summary>Checks that the range lies in [0, length).</summary>
    public static void CheckRange(int first, int count, int length, string name)
    {
        if (first < 0 || count < 0 || first > length - count)
        {
            throw new ArgumentOutOfRangeException(name, $"{count} from {first} on are not within 0..{length}.");
        }
    }

    /// <summary>Checks that the permutation is one of the rows.</summary>
    public static void CheckPermutation(ReadOnlySpan<int> permutation, int rows)
    {
        if (permutation.Length != rows || !RowPermutation.IsPermutation(permutation))
        {
            throw new ArgumentException($"A permutation of the {rows} rows was expected.", nameof(permutation));
        }
    }
}
