using TorchSharp.Autograd;
using TorchSharp.Ops;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor index_select(long dim, Tensor index)
        {
            int at = Shapes.Dim(dim, Impl.Shape.Length);
            long[] shape = Impl.Shape;
            return Graph.Record(Gathering.Select(this, at, index), "index_select", [this], [index], (node, grad) =>
            {
                Tensor whole = zeros(shape);
                Gathering.AddSlices(whole, at, node[0], grad);
                node.Give(0, whole);
            });
        }

        public Tensor gather(long dim, Tensor index)
        {
            int at = Shapes.Dim(dim, Impl.Shape.Length);
            long[] shape = Impl.Shape;
            return Graph.Record(Gathering.Gather(this, at, index), "gather", [this], [index], (node, grad) =>
            {
                Tensor whole = zeros(shape, grad.dtype);
                Gathering.Scatter(whole, at, node[0], grad, add: true);
                node.Give(0, whole);
            });
        }

        public Tensor scatter(long dim, Tensor index, Tensor src) => ScatterOf(dim, index, src, add: false);

        public Tensor scatter_add(long dim, Tensor index, Tensor src) => ScatterOf(dim, index, src, add: true);

        public Tensor scatter_(long dim, Tensor index, Tensor src) => Rewrite(x => x.scatter(dim, index, src));

        public Tensor scatter_add_(long dim, Tensor index, Tensor src) => Rewrite(x => x.scatter_add(dim, index, src));

        public Tensor masked_fill(Tensor mask, Scalar value)
        {
            if (mask.dtype != ScalarType.Bool)
                throw Shapes.Error($"masked_fill_ only supports boolean masks, but got mask with dtype {mask.dtype}");
            using Tensor number = Of(value, dtype);
            using Tensor kept = mask.logical_not();
            return where(kept, number);
        }

        /// <summary>This where the condition holds, <paramref name="y"/> elsewhere.</summary>
        public Tensor where(Tensor condition, Tensor y)
        {
            (long[] left, long[] right) = (Impl.Shape, y.Impl.Shape);
            return Graph.Record(Selection.Where(condition, this, y), "where", [this, y], [condition], (node, grad) =>
            {
                using Tensor zero = Of(0, grad.dtype);
                if (node.Needs(0))
                    node.Give(0, Graph.SumTo(Selection.Where(node[0], grad, zero), left));
                if (node.Needs(1))
                    node.Give(1, Graph.SumTo(Selection.Where(node[0], zero, grad), right));
            });
        }

        public Tensor masked_select(Tensor mask)
        {
            using Tensor wide = mask.expand(Impl.Shape);
            using Tensor flatMask = wide.reshape(-1);
            using Tensor at = flatMask.nonzero();
            using Tensor flatAt = at.flatten();
            using Tensor flat = reshape(-1);
            return flat.index_select(0, flatAt);
        }

        /// <summary>One row of coordinates per element that is not zero.</summary>
        public Tensor nonzero()
        {
            using Tensor set = ne(0);
            ReadOnlySpan<bool> flags = set.Impl.Span<bool>();
            var coordinates = new List<long>();
            for (int i = 0; i < flags.Length; i++)
            {
                if (!flags[i])
                    continue;
                long rest = i;
                int first = coordinates.Count;
                for (int d = Impl.Shape.Length - 1; d >= 0; d--)
                {
                    coordinates.Insert(first, rest % Impl.Shape[d]);
                    rest /= Impl.Shape[d];
                }
            }

            using Tensor flat = tensor([.. coordinates], dtype: ScalarType.Int64);
            long count = Impl.Shape.Length == 0 ? (flags[0] ? 1 : 0) : coordinates.Count / Impl.Shape.Length;
            return flat.view(count, Impl.Shape.Length);
        }

        public Tensor tril(long diagonal = 0) => Triangle(diagonal, lower: true);

        public Tensor triu(long diagonal = 0) => Triangle(diagonal, lower: false);

        private Tensor ScatterOf(long dim, Tensor index, Tensor src, bool add)
        {
            int at = Shapes.Dim(dim, Impl.Shape.Length);
            long[] from = src.Impl.Shape;
            var result = new Tensor(Copying.Contiguous(Impl));
            Gathering.Scatter(result, at, index, src, add);
            return Graph.Record(result, "scatter", [this, src], [index], (node, grad) =>
            {
                Tensor chosen = node[0];
                if (node.Needs(0))
                    node.Give(0, add ? grad : grad.scatter(at, chosen, zeros(chosen.Impl.Shape, grad.dtype)));
                if (!node.Needs(1))
                    return;
                if (!chosen.Impl.Shape.AsSpan().SequenceEqual(from))
                    throw new NotSupportedException("The managed stand-in of TorchSharp differentiates scatter only for a source of the index's shape.");
                node.Give(1, grad.gather(at, chosen));
            });
        }

        private Tensor Triangle(long diagonal, bool lower)
        {
            if (Impl.Shape.Length < 2)
                throw Shapes.Error("tril and triu expect a tensor with at least 2 dimensions");
            using DisposeScope scope = NewDisposeScope();
            Tensor rows = arange(Impl.Shape[^2]).unsqueeze(1).add(diagonal);
            Tensor columns = arange(Impl.Shape[^1]);
            return masked_fill(lower ? columns.gt(rows) : columns.lt(rows), 0).MoveToOuterDisposeScope();
        }
    }
}
