using TorchSharp.Autograd;
using TorchSharp.Ops;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>softmax(q kᵀ / √d + mask) v over [.., length, d]; <paramref name="is_casual"/> is TorchSharp's spelling of causal.</summary>
            public static Tensor scaled_dot_product_attention(
                Tensor query, Tensor key, Tensor value, Tensor? attn_mask = null, double p = 0, bool is_casual = false)
            {
                if (attn_mask is not null && is_casual)
                    throw Shapes.Error("Explicit attn_mask should not be set when is_causal=True");
                if (attn_mask is { requires_grad: true })
                    throw new NotSupportedException("The managed stand-in of TorchSharp does not differentiate the attention mask.");
                long[] batch = query.Impl.Shape[..^2];
                if (!batch.AsSpan().SequenceEqual(key.Impl.Shape.AsSpan()[..^2]) || !batch.AsSpan().SequenceEqual(value.Impl.Shape.AsSpan()[..^2]))
                    throw new NotSupportedException("The managed stand-in of TorchSharp takes the same batch dimensions of query, key and value.");
                using DisposeScope scope = NewDisposeScope();
                (long rows, long keys) = (query.size(-2), key.size(-2));
                var attention = new AttentionKernel((int)rows, (int)keys, (int)query.size(-1), (int)value.size(-1), is_casual, batch);
                Tensor weights = zeros([.. batch, rows, keys]);
                Tensor? mask = attn_mask is null ? null : Additive(attn_mask, rows, keys);
                attention.Weights(query, key, mask, weights);
                Tensor? kept = p > 0 ? Kept(weights.Impl.Shape, p) : null;
                Tensor used = kept is null ? weights : weights.detach().mul(kept);
                Tensor result = Graph.Record(
                    attention.Apply(used, value), "attention", [query, key, value], [query, key, value, weights, kept], (node, grad) =>
                    {
                        Tensor probabilities = node[3];
                        Tensor? dropped = node.SavedOrNull(4);
                        if (node.Needs(2))
                            node.Give(2, attention.ValueGrad(dropped is null ? probabilities : probabilities.mul(dropped), grad));
                        Tensor scores = attention.ScoreGrad(probabilities, dropped, grad, node[2]);
                        if (node.Needs(0))
                            node.Give(0, attention.QueryGrad(scores, node[1]));
                        if (node.Needs(1))
                            node.Give(1, attention.KeyGrad(scores, node[0]));
                    });
                return result.MoveToOuterDisposeScope();
            }

            /// <summary>A boolean mask says who takes part; as numbers to add, the others get minus infinity.</summary>
            private static Tensor Additive(Tensor mask, long rows, long keys)
            {
                Tensor numbers = mask.dtype == ScalarType.Bool
                    ? zeros(mask.Impl.Shape).masked_fill(mask.logical_not(), double.NegativeInfinity)
                    : mask.detach();
                return numbers.expand([.. mask.Impl.Shape.SkipLast(2), rows, keys]).contiguous();
            }
        }
    }
}
