namespace TorchSharp;

/// <summary>A shape walked by several operands at once, with mergeable dimensions merged and size-1 dimensions dropped.</summary>
internal sealed class StridedPlan
{
    private readonly long[] sizes;
    private readonly long[][] strides;
    private readonly long[] position;

    public StridedPlan(ReadOnlySpan<long> shape, params long[][] operands)
    {
        var mergedSizes = new List<long>();
        List<long>[] merged = [.. operands.Select(_ => new List<long>())];
        for (int i = 0; i < shape.Length; i++)
        {
            if (shape[i] == 1)
                continue;
            bool merge = mergedSizes.Count > 0;
            for (int k = 0; k < operands.Length && merge; k++)
                merge = merged[k][^1] == operands[k][i] * shape[i];
            if (merge)
                mergedSizes[^1] *= shape[i];
            else
                mergedSizes.Add(shape[i]);
            for (int k = 0; k < operands.Length; k++)
            {
                if (merge)
                    merged[k][^1] = operands[k][i];
                else
                    merged[k].Add(operands[k][i]);
            }
        }

        IsEmpty = Shapes.Numel(shape) == 0;
        Inner = mergedSizes.Count > 0 ? (int)mergedSizes[^1] : 1;
        InnerStrides = [.. merged.Select(m => m.Count > 0 ? m[^1] : 1)];
        sizes = [.. mergedSizes.Take(Math.Max(0, mergedSizes.Count - 1))];
        strides = [.. merged.Select(m => m.Take(sizes.Length).ToArray())];
        position = new long[sizes.Length];
        Offsets = new int[operands.Length];
    }

    public bool IsEmpty { get; }

    /// <summary>Length of the innermost run.</summary>
    public int Inner { get; }

    public long[] InnerStrides { get; }

    /// <summary>Where each operand's current run begins.</summary>
    public int[] Offsets { get; }

    /// <summary>Moves to the next run; false after the last one.</summary>
    public bool Next()
    {
        for (int d = sizes.Length - 1; d >= 0; d--)
        {
            bool carry = ++position[d] == sizes[d];
            long steps = carry ? 1 - sizes[d] : 1;
            for (int k = 0; k < Offsets.Length; k++)
                Offsets[k] += (int)(steps * strides[k][d]);
            if (!carry)
                return true;
            position[d] = 0;
        }

        return false;
    }
}
