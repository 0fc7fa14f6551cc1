using static TorchSharp.torch;

namespace TorchSharp.Autograd;

/// <summary>Records operations.</summary>
internal static class Graph
{
    public static bool NeedsGrad(ReadOnlySpan<Tensor?> inputs)
    {
        if (!GradMode.Enabled)
            return false;
        foreach (Tensor? input in inputs)
        {
            if (input is not null && input.Impl.RequiresGrad)
                return true;
        }

        return false;
    }

    /// <summary>Makes <paramref name="result"/> the output of an operation on <paramref name="inputs"/>, if that is recorded at all.</summary>
    public static Tensor Record(
        Tensor result, string name, ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor?> saved, BackwardRule rule)
    {
        if (!NeedsGrad(inputs))
            return result;
        result.Impl.LeafRequiresGrad = false;
        result.Impl.GradFn = new OpNode(name, Edges(inputs), Save(saved), rule);
        result.Impl.OutputIndex = 0;
        return result;
    }

    /// <summary>A view shares its base's memory, so in-place changes of it are limited: the flag remembers that.</summary>
    public static Tensor RecordView(Tensor result, string name, Tensor source, BackwardRule rule)
    {
        result.Impl.IsDifferentiableView = source.Impl.RequiresGrad;
        return Record(result, name, [source], [], rule);
    }

    public static Edge[] Edges(ReadOnlySpan<Tensor?> inputs)
    {
        var edges = new Edge[inputs.Length];
        for (int i = 0; i < edges.Length; i++)
            edges[i] = Edge.Of(inputs[i]);
        return edges;
    }

    public static SavedTensor?[] Save(ReadOnlySpan<Tensor?> tensors)
    {
        var saved = new SavedTensor?[tensors.Length];
        for (int i = 0; i < saved.Length; i++)
            saved[i] = tensors[i] is { IsInvalid: false } tensor ? new SavedTensor(tensor.Impl) : null;
        return saved;
    }

    /// <summary>Sums a gradient over the dimensions that broadcasting added or stretched.</summary>
    public static Tensor SumTo(Tensor gradient, long[] shape)
    {
        long[] from = gradient.Impl.Shape;
        if (from.AsSpan().SequenceEqual(shape))
            return gradient;
        int lead = from.Length - shape.Length;
        var dims = new List<long>();
        for (int i = 0; i < from.Length; i++)
        {
            if (i < lead || (shape[i - lead] == 1 && from[i] != 1))
                dims.Add(i);
        }

        Tensor summed = dims.Count == 0 ? gradient : gradient.sum([.. dims], keepdim: true);
        return summed.view(shape);
    }
}
