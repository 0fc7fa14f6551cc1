using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor T => Transposed(0, 1);

        public Tensor mT => transpose(-2, -1);

        public Tensor alias() => View(Impl.Shape, Impl.Strides, Impl.Offset, "alias", static (node, grad) => node.Give(0, grad));

        /// <summary>The same memory, outside the graph.</summary>
        public Tensor detach() => new(Impl.Window(Impl.Shape, Impl.Strides, Impl.Offset));

        public Tensor view(params long[] shape)
        {
            long[] next = Shapes.Infer(shape, Impl.Numel);
            long[] strides = Shapes.ViewStrides(Impl.Shape, Impl.Strides, next)
                ?? throw Shapes.Error("view size is not compatible with input tensor's size and stride (at least one dimension spans across two contiguous subspaces). Use .reshape(...) instead.");
            long[] before = Impl.Shape;
            return View(next, strides, Impl.Offset, "view", (node, grad) => node.Give(0, grad.reshape(before)));
        }

        public Tensor view_as(Tensor other) => view(other.Impl.Shape);

        public Tensor reshape(params long[] shape)
        {
            long[] next = Shapes.Infer(shape, Impl.Numel);
            if (Shapes.ViewStrides(Impl.Shape, Impl.Strides, next) is not null)
                return view(next);
            using Tensor packed = contiguous();
            return packed.view(next);
        }

        public Tensor flatten(long start_dim = 0, long end_dim = -1)
        {
            int rank = Impl.Shape.Length;
            (int first, int last) = (Shapes.Dim(start_dim, rank), Shapes.Dim(end_dim, rank));
            if (rank == 0)
                return reshape(1);
            if (first > last)
                throw Shapes.Error("flatten() has invalid args: start_dim cannot come after end_dim");
            return reshape([.. Impl.Shape[..first], Shapes.Numel(Impl.Shape.AsSpan(first, last - first + 1)), .. Impl.Shape[(last + 1)..]]);
        }

        public Tensor unflatten(long dim, params long[] sizes)
        {
            int at = Shapes.Dim(dim, Impl.Shape.Length);
            return view([.. Impl.Shape[..at], .. Shapes.Infer(sizes, Impl.Shape[at]), .. Impl.Shape[(at + 1)..]]);
        }

        public Tensor ravel() => reshape(-1);

        public Tensor permute(params long[] permutation)
        {
            int rank = Impl.Shape.Length;
            int[] order = Array.ConvertAll(permutation, d => Shapes.Dim(d, rank));
            if (order.Length != rank || order.Distinct().Count() != rank)
                throw Shapes.Error($"permute(sparse_coo): number of dimensions in the tensor input does not match the length of the desired ordering of dimensions i.e. input.dim() = {rank} is not equal to len(dims) = {order.Length}");
            var inverse = new long[rank];
            for (int i = 0; i < rank; i++)
                inverse[order[i]] = i;
            return View(
                Array.ConvertAll(order, d => Impl.Shape[d]),
                Array.ConvertAll(order, d => Impl.Strides[d]),
                Impl.Offset,
                "permute",
                (node, grad) => node.Give(0, grad.permute(inverse)));
        }

        public Tensor transpose(long dim0, long dim1) => Transposed(Shapes.Dim(dim0, Impl.Shape.Length), Shapes.Dim(dim1, Impl.Shape.Length));

        public Tensor swapaxes(long dim0, long dim1) => transpose(dim0, dim1);

        public Tensor t()
        {
            if (Impl.Shape.Length > 2)
                throw Shapes.Error($"t() expects a tensor with <= 2 dimensions, but self is {Impl.Shape.Length}D");
            return Impl.Shape.Length < 2 ? alias() : Transposed(0, 1);
        }

        public Tensor unsqueeze(long dim)
        {
            int at = Shapes.Dim(dim, Impl.Shape.Length + 1);
            long stride = at < Impl.Shape.Length ? Impl.Shape[at] * Impl.Strides[at] : 1;
            return View(
                [.. Impl.Shape[..at], 1, .. Impl.Shape[at..]],
                [.. Impl.Strides[..at], stride, .. Impl.Strides[at..]],
                Impl.Offset,
                "unsqueeze",
                (node, grad) => node.Give(0, grad.squeeze(at)));
        }

        public Tensor squeeze(long? dim = null)
        {
            int? only = dim is { } d ? Shapes.Dim(d, Impl.Shape.Length) : null;
            int[] kept = [.. Enumerable.Range(0, Impl.Shape.Length).Where(i => Impl.Shape[i] != 1 || (only is { } o && o != i))];
            long[] before = Impl.Shape;
            return View(
                Array.ConvertAll(kept, i => Impl.Shape[i]),
                Array.ConvertAll(kept, i => Impl.Strides[i]),
                Impl.Offset,
                "squeeze",
                (node, grad) => node.Give(0, grad.reshape(before)));
        }

        public Tensor expand(params long[] sizes) => Expanded(sizes);

        public Tensor expand(long[] sizes, bool isImplicit = false) => Expanded(sizes);

        public Tensor expand_as(Tensor other) => Expanded(other.Impl.Shape);

        public Tensor broadcast_to(params long[] shape) => Expanded(shape);

        public Tensor select(long dim, long index)
        {
            int at = Shapes.Dim(dim, Impl.Shape.Length);
            if (Impl.Shape.Length == 0)
                throw Shapes.Error("select() cannot be applied to a 0-dim tensor.");
            using Tensor one = narrow(at, Wrapped(index, at), 1);
            return one.squeeze(at);
        }

        public Tensor narrow(long dim, long start, long length)
        {
            int at = Shapes.Dim(dim, Impl.Shape.Length);
            long size = Impl.Shape[at];
            long first = start < 0 ? start + size : start;
            if (first < 0 || length < 0 || first + length > size)
                throw Shapes.Error($"start ({start}) + length ({length}) exceeds dimension size ({size}).");
            return slice(at, first, first + length, 1);
        }

        public Tensor slice(long dim, long start, long finish, long step)
        {
            int at = Shapes.Dim(dim, Impl.Shape.Length);
            if (step <= 0)
                throw Shapes.Error("slice step must be positive");
            long size = Impl.Shape[at];
            long first = Math.Clamp(start < 0 ? start + size : start, 0, size);
            long last = Math.Clamp(finish < 0 ? finish + size : finish, first, size);
            long[] before = Impl.Shape;
            long[] shape = [.. before];
            long[] strides = [.. Impl.Strides];
            shape[at] = (last - first + step - 1) / step;
            strides[at] *= step;
            return View(shape, strides, Impl.Offset + (first * Impl.Strides[at]), "slice", (node, grad) =>
            {
                Tensor whole = zeros(before, grad.dtype);
                whole.slice(at, first, last, step).copy_(grad);
                node.Give(0, whole);
            });
        }

        public Tensor[] split(long size, int dim = 0)
        {
            long total = Impl.Shape[Shapes.Dim(dim, Impl.Shape.Length)];
            int count = (int)Math.Max(1, (total + size - 1) / size);
            return split([.. Enumerable.Range(0, count).Select(i => Math.Min(size, total - (i * size)))], dim);
        }

        public Tensor[] split(long[] sizes, long dim = 0)
        {
            int at = Shapes.Dim(dim, Impl.Shape.Length);
            if (sizes.Sum() != Impl.Shape[at])
                throw Shapes.Error($"split_with_sizes expects split_sizes to sum exactly to {Impl.Shape[at]} (input tensor's size at dimension {dim})");
            var parts = new Tensor[sizes.Length];
            long start = 0;
            for (int i = 0; i < sizes.Length; start += sizes[i++])
                parts[i] = narrow(at, start, sizes[i]);
            return parts;
        }

        public Tensor[] chunk(long chunks, long dim = 0)
        {
            int at = Shapes.Dim(dim, Impl.Shape.Length);
            return split(Math.Max(1, (Impl.Shape[at] + chunks - 1) / chunks), at);
        }

        public Tensor[] unbind(long dimension = 0)
        {
            int at = Shapes.Dim(dimension, Impl.Shape.Length);
            return [.. Enumerable.Range(0, (int)Impl.Shape[at]).Select(i => select(at, i))];
        }

        /// <summary>A window on the same memory whose gradient goes back by <paramref name="rule"/>.</summary>
        internal Tensor View(long[] shape, long[] strides, long offset, string name, BackwardRule rule)
            => Graph.RecordView(new Tensor(Impl.Window(shape, strides, offset)), name, this, rule);

        private long Wrapped(long index, int dim)
        {
            long size = Impl.Shape[dim];
            if (index < -size || index >= size)
                throw Shapes.Error($"index {index} is out of bounds for dimension {dim} with size {size}");
            return index < 0 ? index + size : index;
        }

        private Tensor Transposed(int dim0, int dim1)
        {
            if (Impl.Shape.Length < 2)
                return alias();
            long[] shape = [.. Impl.Shape];
            long[] strides = [.. Impl.Strides];
            (shape[dim0], shape[dim1]) = (shape[dim1], shape[dim0]);
            (strides[dim0], strides[dim1]) = (strides[dim1], strides[dim0]);
            return View(shape, strides, Impl.Offset, "transpose", (node, grad) => node.Give(0, grad.transpose(dim0, dim1)));
        }

        private Tensor Expanded(long[] sizes)
        {
            long[] shape = [.. sizes];
            int lead = shape.Length - Impl.Shape.Length;
            for (int i = 0; i < shape.Length; i++)
            {
                if (shape[i] == -1 && i >= lead)
                    shape[i] = Impl.Shape[i - lead];
            }

            long[] before = Impl.Shape;
            return View(shape, Shapes.ExpandStrides(before, Impl.Strides, shape), Impl.Offset, "expand", (node, grad) => node.Give(0, Graph.SumTo(grad, before)));
        }
    }
}
