using TorchSharp.Autograd;
using TorchSharp.Ops;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor sum(ScalarType? type = null) => SumOver([], false, type);

        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) => SumOver([dim], keepdim, type);

        public Tensor sum(long dim0, long dim1, bool keepdim = false, ScalarType? type = null) => SumOver([dim0, dim1], keepdim, type);

        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) => SumOver(dim, keepdim, type);

        public Tensor mean() => MeanOver([], false, null);

        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null) => MeanOver(dimensions, keepdim, type);

        public Tensor var(bool unbiased = true) => VarOver([], unbiased, false);

        public Tensor var(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => VarOver([dim], unbiased, keepdim);

        public Tensor var(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => VarOver(dimensions, unbiased, keepdim);

        public Tensor std(bool unbiased = true) => Root(VarOver([], unbiased, false));

        public Tensor std(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => Root(VarOver([dim], unbiased, keepdim));

        public Tensor std(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
            => Root(VarOver(dimensions, unbiased, keepdim));

        public Tensor max() => ExtremeOfAll(true);

        public Tensor min() => ExtremeOfAll(false);

        public Tensor max(Tensor other) => maximum(other);

        public Tensor min(Tensor other) => minimum(other);

        public (Tensor values, Tensor indexes) max(long dim, bool keepdim = false) => ExtremeAlong(dim, keepdim, true);

        public (Tensor values, Tensor indexes) min(long dim, bool keepdim = false) => ExtremeAlong(dim, keepdim, false);

        public Tensor argmax() => IndexOfAll(true);

        public Tensor argmin() => IndexOfAll(false);

        public Tensor argmax(long dim, bool keepdim = false) => IndexAlong(dim, keepdim, true);

        public Tensor argmin(long dim, bool keepdim = false) => IndexAlong(dim, keepdim, false);

        public Tensor amax(params long[] dims) => ExtremeOver(dims, false, true);

        public Tensor amax(long[] dims, bool keepdim = false, Tensor? @out = null) => ExtremeOver(dims, keepdim, true);

        public Tensor amin(params long[] dims) => ExtremeOver(dims, false, false);

        public Tensor amin(long[] dims, bool keepdim = false, Tensor? @out = null) => ExtremeOver(dims, keepdim, false);

        public Tensor all()
        {
            using Tensor zero = eq(0);
            using Tensor count = zero.sum();
            return count.eq(0);
        }

        public Tensor any()
        {
            using Tensor set = ne(0);
            using Tensor count = set.sum();
            return count.ne(0);
        }

        public Tensor all(long dim, bool keepdim = false)
        {
            using Tensor zero = eq(0);
            using Tensor count = zero.sum(dim, keepdim);
            return count.eq(0);
        }

        public Tensor any(long dim, bool keepdim = false)
        {
            using Tensor set = ne(0);
            using Tensor count = set.sum(dim, keepdim);
            return count.ne(0);
        }

        public Tensor norm(float p = 2) => NormOver([], false, p);

        public Tensor norm(int dim, bool keepdim = false, float p = 2) => NormOver([dim], keepdim, p);

        public Tensor logsumexp(long dim, bool keepdim = false)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor top = detach().amax([dim], true);
            top = top.masked_fill(top.isinf(), 0);
            Tensor result = sub(top).exp().sum([dim], true).log().add(top);
            return (keepdim ? result : result.squeeze(dim)).MoveToOuterDisposeScope();
        }

        private static Tensor Root(Tensor variance)
        {
            using (variance)
                return variance.sqrt();
        }

        private Tensor SumOver(ReadOnlySpan<long> dims, bool keepdim, ScalarType? type)
        {
            using Tensor source = type is { } t ? to_type(t) : Share();
            long[] shape = Impl.Shape;
            bool[] flags = Shapes.DimFlags(dims, shape.Length);
            long[] kept = Reduction.Reduced(shape, flags, true);
            using Tensor summed = Reduction.Sum(source, flags);
            Tensor result = summed.view(keepdim ? kept : Reduction.Reduced(shape, flags, false));
            return Graph.Record(result, "sum", [source], [], (node, grad) => node.Give(0, grad.reshape(kept).expand(shape)));
        }

        private Tensor MeanOver(ReadOnlySpan<long> dims, bool keepdim, ScalarType? type)
        {
            if (!(type ?? dtype).IsFloatingPoint())
                throw Shapes.Error($"mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. Got: {dtype}");
            using Tensor total = SumOver(dims, keepdim, type);
            return total.mul(1.0 / Math.Max(1, CountOver(dims)));
        }

        private long CountOver(ReadOnlySpan<long> dims)
        {
            bool[] flags = Shapes.DimFlags(dims, Impl.Shape.Length);
            return Shapes.Numel([.. Impl.Shape.Where((_, i) => flags[i])]);
        }

        private Tensor VarOver(ReadOnlySpan<long> dims, bool unbiased, bool keepdim)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor centred = sub(MeanOver(dims, true, null));
            return centred.square().SumOver(dims, keepdim, null).div(CountOver(dims) - (unbiased ? 1 : 0)).MoveToOuterDisposeScope();
        }

        private Tensor NormOver(ReadOnlySpan<long> dims, bool keepdim, float p)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor result;
            if (p == 2)
                result = square().SumOver(dims, keepdim, null).sqrt();
            else if (p == 1)
                result = abs().SumOver(dims, keepdim, null);
            else if (float.IsPositiveInfinity(p))
                result = abs().ExtremeOver([.. dims], keepdim, true);
            else
                result = abs().pow(p).SumOver(dims, keepdim, null).pow(1 / p);
            return result.MoveToOuterDisposeScope();
        }

        private Tensor ExtremeOfAll(bool largest)
        {
            using Tensor flat = reshape(-1);
            (Tensor values, Tensor indices) = flat.ExtremeAlong(0, false, largest);
            indices.Dispose();
            return values;
        }

        private Tensor IndexOfAll(bool largest)
        {
            using var _ = no_grad();
            using Tensor flat = reshape(-1);
            return flat.IndexAlong(0, false, largest);
        }

        private Tensor IndexAlong(long dim, bool keepdim, bool largest)
        {
            using var _ = no_grad();
            (Tensor values, Tensor indices) = ExtremeAlong(dim, keepdim, largest);
            values.Dispose();
            return indices;
        }

        private (Tensor Values, Tensor Indices) ExtremeAlong(long dim, bool keepdim, bool largest)
        {
            int at = Shapes.Dim(dim, Impl.Shape.Length);
            long[] shape = Impl.Shape;
            (Tensor values, Tensor indices) = Reduction.Extreme(this, at, largest);
            using Tensor full = indices;
            using Tensor kept = values;
            using Tensor recorded = Graph.Record(kept, "max", [this], [full], (node, grad) =>
            {
                Tensor whole = zeros(shape, grad.dtype);
                node.Give(0, whole.scatter_(at, node[0], grad));
            });
            return keepdim || shape.Length == 0 ? (recorded.Share(), full.Share()) : (recorded.squeeze(at), full.squeeze(at));
        }

        private Tensor ExtremeOver(long[] dims, bool keepdim, bool largest)
        {
            long[] shape = Impl.Shape;
            bool[] flags = Shapes.DimFlags(dims, shape.Length);
            TensorImpl current = Impl.AddReference();
            for (int d = 0; d < shape.Length; d++)
            {
                if (!flags[d])
                    continue;
                using Tensor before = new(current, register: false);
                (Tensor values, Tensor indices) = Reduction.Extreme(before, d, largest);
                indices.Dispose();
                current = values.MoveImpl();
            }

            using var kept = new Tensor(current, register: false);
            long[] reduced = Reduction.Reduced(shape, flags, keepdim);
            var result = new Tensor(current.Window(reduced, Shapes.ContiguousStrides(reduced), current.Offset));
            return Graph.Record(result, "amax", [this], [this, kept], (node, grad) =>
            {
                // Entries that share the extreme share its gradient evenly, as in torch.
                Tensor hits = node[0].eq(node[1]).to_type(grad.dtype);
                Tensor share = grad.reshape(node[1].Impl.Shape).div(hits.SumOver(dims, true, null));
                node.Give(0, hits.mul(share));
            });
        }
    }
}
