using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>One entry of an index expression.</summary>
    public readonly struct TensorIndex
    {
        public static readonly TensorIndex Colon = Slice(null, null, null);
        public static readonly TensorIndex Ellipsis = new(Kind.Ellipsis);
        public static readonly TensorIndex None = new(Kind.None);

        private TensorIndex(Kind kind, long? start = null, long? stop = null, long? step = null, Tensor? tensor = null)
        {
            Type = kind;
            Start = start;
            Stop = stop;
            Step = step;
            Index = tensor;
        }

        internal enum Kind
        {
            None,
            Single,
            Slice,
            Tensor,
            Ellipsis,
        }

        internal Kind Type { get; }

        internal long? Start { get; }

        internal long? Stop { get; }

        internal long? Step { get; }

        internal Tensor? Index { get; }

        public static implicit operator TensorIndex(long value) => Single(value);

        public static implicit operator TensorIndex(Range range) => Slice(range);

        public static implicit operator TensorIndex(Index index) => Single(index.IsFromEnd ? -index.Value : index.Value);

        public static TensorIndex Single(long? index) => new(Kind.Single, index);

        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) => new(Kind.Slice, start, stop, step);

        public static TensorIndex Slice(Range range)
        {
            long? stop = range.End.IsFromEnd ? (range.End.Value == 0 ? null : -range.End.Value) : range.End.Value;
            return Slice(range.Start.IsFromEnd ? -range.Start.Value : range.Start.Value, stop, null);
        }

        public static TensorIndex Tensor(Tensor tensor) => new(Kind.Tensor, tensor: tensor);
    }

    public partial class Tensor
    {
        [System.Runtime.CompilerServices.IndexerName("TensorItems")]
        public Tensor this[long i1]
        {
            get => index(i1);
            set => Assign(value, i1);
        }

        [System.Runtime.CompilerServices.IndexerName("TensorItems")]
        public Tensor this[long i1, long i2]
        {
            get => index(i1, i2);
            set => Assign(value, i1, i2);
        }

        [System.Runtime.CompilerServices.IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3]
        {
            get => index(i1, i2, i3);
            set => Assign(value, i1, i2, i3);
        }

        [System.Runtime.CompilerServices.IndexerName("TensorItems")]
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => Assign(value, indices);
        }

        [System.Runtime.CompilerServices.IndexerName("TensorItems")]
        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => Assign(value, Array.ConvertAll(indices, TensorIndex.Tensor));
        }

        public Tensor index(params Tensor[] indices) => index(Array.ConvertAll(indices, TensorIndex.Tensor));

        /// <summary>A view for numbers and ranges; a copy where one tensor picks entries.</summary>
        public Tensor index(params TensorIndex[] indices)
        {
            int consumed = indices.Count(i => i.Type is not (TensorIndex.Kind.None or TensorIndex.Kind.Ellipsis));
            Tensor result = Share();
            int dim = 0;
            foreach (TensorIndex at in indices)
            {
                Tensor before = result;
                switch (at.Type)
                {
                    case TensorIndex.Kind.None:
                        result = before.unsqueeze(dim++);
                        break;
                    case TensorIndex.Kind.Ellipsis:
                        dim += Impl.Shape.Length - consumed;
                        continue;
                    case TensorIndex.Kind.Single:
                        result = before.select(dim, at.Start ?? 0);
                        break;
                    case TensorIndex.Kind.Slice:
                        result = before.slice(dim++, at.Start ?? 0, at.Stop ?? long.MaxValue, at.Step ?? 1);
                        break;
                    default:
                        result = before.Pick(dim, at.Index!);
                        dim += at.Index!.dtype == ScalarType.Bool ? 1 : at.Index!.Impl.Shape.Length;
                        break;
                }

                before.Dispose();
            }

            return result;
        }

        private Tensor Pick(int dim, Tensor chosen)
        {
            if (chosen.dtype == ScalarType.Bool)
            {
                if (dim != 0 || chosen.Impl.Shape.Length > Impl.Shape.Length)
                    throw new NotSupportedException("The managed stand-in of TorchSharp takes a mask only as the first index.");
                if (chosen.Impl.Shape.Length == Impl.Shape.Length)
                    return masked_select(chosen);
                using Tensor found = chosen.nonzero();
                using Tensor rows = found.flatten();
                return chosen.Impl.Shape.Length == 1
                    ? index_select(0, rows)
                    : throw new NotSupportedException("The managed stand-in of TorchSharp takes masks of one dimension or of all.");
            }

            using Tensor flat = chosen.reshape(-1);
            using Tensor negative = flat.lt(0);
            using Tensor shift = negative.mul(Impl.Shape[dim]);
            using Tensor wrapped = flat.add(shift);
            using Tensor picked = index_select(dim, wrapped);
            return picked.reshape([.. Impl.Shape[..dim], .. chosen.Impl.Shape, .. Impl.Shape[(dim + 1)..]]);
        }

        private void Assign(Tensor value, params TensorIndex[] indices)
        {
            if (indices.Any(i => i.Type == TensorIndex.Kind.Tensor))
                throw new NotSupportedException("The managed stand-in of TorchSharp assigns to numbers and ranges only.");
            if (Graph.NeedsGrad([this, value]))
                throw new NotSupportedException("The managed stand-in of TorchSharp does not record assignments to a part of a tensor.");
            using Tensor target = index(indices);
            target.copy_(value);
        }
    }
}
