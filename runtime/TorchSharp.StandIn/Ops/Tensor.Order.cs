using TorchSharp.Autograd;
using TorchSharp.Ops;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public (Tensor values, Tensor indices) sort(long dim = -1, bool descending = false, bool stable = false)
        {
            using Tensor order = argsort(dim, descending);
            return (gather(dim, order), order.Share());
        }

        /// <summary>Stable; NaN counts as the largest value, as in torch.</summary>
        public Tensor argsort(long dim = -1, bool descending = false)
        {
            int at = Shapes.Dim(dim, Impl.Shape.Length);
            if (Impl.Shape.Length == 0)
                return tensor(0L);
            using DisposeScope scope = NewDisposeScope();
            using var _ = no_grad();
            Tensor rows = detach().to_type(ScalarType.Float64).transpose(at, -1).contiguous();
            int width = (int)rows.Impl.Shape[^1];
            Tensor order = empty(rows.Impl.Shape, ScalarType.Int64);
            var positions = new long[width];
            for (int start = 0; start < rows.Impl.Numel; start += width)
            {
                double[] values = rows.Impl.Span<double>().Slice(start, width).ToArray();
                for (int i = 0; i < width; i++)
                    positions[i] = i;
                Array.Sort(positions, (a, b) => Order(values[a], values[b]) is var c && c != 0 ? (descending ? -c : c) : a.CompareTo(b));
                positions.CopyTo(order.Impl.Span<long>()[start..]);
            }

            return order.transpose(at, -1).contiguous().MoveToOuterDisposeScope();

            static int Order(double a, double b) => double.IsNaN(a) || double.IsNaN(b) ? double.IsNaN(a).CompareTo(double.IsNaN(b)) : a.CompareTo(b);
        }

        public (Tensor values, Tensor indices) topk(int k, int dim = -1, bool largest = true, bool sorted = true)
        {
            using Tensor order = argsort(dim, largest);
            using Tensor first = order.narrow(dim, 0, k);
            using Tensor chosen = first.contiguous();
            return (gather(dim, chosen), chosen.Share());
        }

        public Tensor flip(params long[] dims)
        {
            Tensor result = Share();
            foreach (long dim in dims)
            {
                using Tensor before = result;
                using Tensor reversed = arange(before.size((int)dim) - 1, -1, -1);
                result = before.index_select(dim, reversed);
            }

            return result;
        }

        public Tensor cumsum(long dim, ScalarType? type = null)
        {
            using Tensor source = type is { } t ? to_type(t) : is_floating_point() ? Share() : to_type(ScalarType.Int64);
            int at = Shapes.Dim(dim, Impl.Shape.Length);
            var result = new Tensor(Copying.Contiguous(source.Impl));
            if (Impl.Shape.Length > 0)
            {
                for (long i = 1; i < Impl.Shape[at]; i++)
                {
                    using var _ = no_grad();
                    using Tensor before = result.select(at, i - 1);
                    using Tensor current = result.select(at, i);
                    Elementwise.Arithmetic<Add>(current, before, current.Impl);
                }
            }

            return Graph.Record(result, "cumsum", [source], [], (node, grad) => node.Give(0, grad.flip(at).cumsum(at).flip(at)));
        }

        public Tensor repeat(params long[] sizes)
        {
            using DisposeScope scope = NewDisposeScope();
            int lead = sizes.Length - Impl.Shape.Length;
            if (lead < 0)
                throw Shapes.Error("Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor");
            var split = new List<long>();
            var wide = new List<long>();
            var joined = new List<long>();
            for (int i = 0; i < sizes.Length; i++)
            {
                long size = i < lead ? 1 : Impl.Shape[i - lead];
                split.AddRange([1, size]);
                wide.AddRange([sizes[i], size]);
                joined.Add(sizes[i] * size);
            }

            return reshape([.. split]).expand([.. wide]).reshape([.. joined]).MoveToOuterDisposeScope();
        }
    }
}
