using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor cat(IList<Tensor> tensors, long dim = 0)
    {
        if (tensors.Count == 0)
            throw Shapes.Error("torch.cat(): expected a non-empty list of Tensors");
        long[] shape = [.. tensors[0].Impl.Shape];
        int at = Shapes.Dim(dim, shape.Length);
        ScalarType type = tensors.Select(t => t.dtype).Aggregate(ScalarTypes.Promote);
        long[] sizes = [.. tensors.Select(t => t.Impl.Shape[at])];
        shape[at] = sizes.Sum();
        TensorImpl result = TensorImpl.Allocate(type, shape);
        long start = 0;
        foreach (Tensor part in tensors)
        {
            long[] window = [.. shape];
            window[at] = part.Impl.Shape[at];
            if (!window.AsSpan().SequenceEqual(part.Impl.Shape))
                throw Shapes.Error($"Sizes of tensors must match except in dimension {at}. Expected [{string.Join(", ", window)}] but got [{string.Join(", ", part.shape)}].");
            TensorImpl target = result.Window(window, result.Strides, start * result.Strides[at]);
            Copying.Copy(part.Impl, target);
            target.Release();
            start += window[at];
        }

        return Graph.Record(new Tensor(result), "cat", [.. tensors], [], (node, grad) =>
        {
            long first = 0;
            for (int i = 0; i < sizes.Length; first += sizes[i++])
                node.Give(i, grad.narrow(at, first, sizes[i]));
        });
    }

    public static Tensor cat(Tensor[] tensors, long dim = 0) => cat((IList<Tensor>)tensors, dim);

    public static Tensor concat(IList<Tensor> tensors, long dim = 0) => cat(tensors, dim);

    public static Tensor stack(IEnumerable<Tensor> tensors, long dim = 0)
    {
        Tensor[] rows = [.. tensors.Select(t => t.unsqueeze(dim))];
        Tensor result = cat((IList<Tensor>)rows, dim);
        Array.ForEach(rows, row => row.Dispose());
        return result;
    }

    public static Tensor where(Tensor condition, Tensor x, Tensor y) => x.where(condition, y);
}
