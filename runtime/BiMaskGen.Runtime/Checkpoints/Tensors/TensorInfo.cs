using System.Collections.Immutable;

namespace BiMaskGen.Checkpoints;

/// <summary>A tensor of a checkpoint: all but its data.</summary>
public sealed class TensorInfo
{
    /// <summary>The most dimensions that a tensor may have. The formats set no limit; no tensor library goes beyond this.</summary>
    public const int MaxRank = 64;

    /// <summary>Describes a tensor.</summary>
    /// <param name="name">Its key, "fc1.weight".</param>
    /// <param name="dtype">The type of its elements.</param>
    /// <param name="shape">Its dimensions, outermost first; empty for a scalar. Row-major, without gaps.</param>
    /// <exception cref="ArgumentException">The name is no valid Unicode, or the shape none that can be stored.</exception>
    public TensorInfo(string name, DType dtype, params ReadOnlySpan<long> shape)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!TensorNames.IsValid(name))
        {
            throw new ArgumentException("A tensor's name must be valid Unicode.", nameof(name));
        }

        if (Measure(dtype, shape, out long elements, out long bytes) is { } problem)
        {
            throw new ArgumentException($"{name}: {problem}", nameof(shape));
        }

        Name = name;
        DType = dtype;
        Shape = [.. shape];
        ElementCount = elements;
        ByteLength = bytes;
    }

    /// <summary>Its key.</summary>
    public string Name { get; }

    /// <summary>The type of its elements.</summary>
    public DType DType { get; }

    /// <summary>Its dimensions, outermost first; empty for a scalar.</summary>
    public ImmutableArray<long> Shape { get; }

    /// <summary>The product of the dimensions.</summary>
    public long ElementCount { get; }

    /// <summary>Bytes of its data.</summary>
    public long ByteLength { get; }

    /// <summary>Type and shape as messages show them, "F32 [512, 784]".</summary>
    public string Kind => $"{DType.Name()} {Describe(Shape.AsSpan())}";

    /// <summary>Name, type and shape.</summary>
    public override string ToString() => $"{Name}: {Kind}";

    /// <summary>Whether type and shape are these.</summary>
    internal bool Is(DType dtype, params ReadOnlySpan<long> shape) => DType == dtype && Shape.AsSpan().SequenceEqual(shape);

    /// <summary>A shape as messages show it.</summary>
    internal static string Describe(ReadOnlySpan<long> shape) => $"[{string.Join(", ", shape.ToArray())}]";

    /// <summary>Counts elements and bytes.</summary>
    /// <returns>What is wrong with the shape, or null.</returns>
    internal static string? Measure(DType dtype, ReadOnlySpan<long> shape, out long elements, out long bytes)
    {
        elements = 0;
        bytes = 0;
        if (shape.Length > MaxRank)
        {
            return $"{shape.Length} dimensions; at most {MaxRank} are supported.";
        }

        // A dimension of zero makes all others harmless, wherever it stands.
        Int128 bits = shape.Contains(0) ? 0 : dtype.Bits();
        foreach (long dimension in shape)
        {
            if (dimension < 0)
            {
                return $"the shape {Describe(shape)} has a negative dimension.";
            }

            bits *= dimension;
            if (bits > long.MaxValue)
            {
                return $"a tensor {dtype.Name()} {Describe(shape)} is beyond what a file can hold.";
            }
        }

        if (bits % 8 != 0)
        {
            return $"{dtype.Name()} {Describe(shape)} is {bits} bits, no whole bytes.";
        }

        bytes = (long)(bits / 8);
        elements = (long)(bits / dtype.Bits());
        return null;
    }
}
