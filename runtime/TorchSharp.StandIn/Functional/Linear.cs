using TorchSharp.Autograd;
using TorchSharp.Ops;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>input · weightsᵀ + bias over the last dimension.</summary>
            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null)
            {
                (long outputs, long inputs) = (weights.size(0), weights.size(1));
                if (input.ndim == 0 || input.size(-1) != inputs)
                    throw Shapes.Error($"mat1 and mat2 shapes cannot be multiplied ([{string.Join(", ", input.shape)}] and [{inputs}, {outputs}])");
                if (input.dtype != ScalarType.Float32 || weights.dtype != ScalarType.Float32)
                    throw ScalarTypes.Unsupported(input.dtype == ScalarType.Float32 ? weights.dtype : input.dtype);
                using Tensor x = input.Packed();
                using Tensor w = weights.Packed();
                using Tensor? b = bias?.FloatRun();
                var result = new Tensor(TensorImpl.Allocate(ScalarType.Float32, [.. input.Impl.Shape[..^1], outputs]));
                int rows = (int)(input.Impl.Numel / Math.Max(1, inputs));
                Span<float> y = result.Impl.Span<float>();
                for (int start = 0; b is not null && start < y.Length; start += (int)outputs)
                    b.Impl.Span<float>().CopyTo(y[start..]);
                Products.Gemm(false, true, rows, (int)outputs, (int)inputs, 1, x.Impl.Span<float>(), (int)inputs, w.Impl.Span<float>(), (int)inputs, b is null ? 0 : 1, y, (int)outputs);

                long[] shape = input.Impl.Shape;
                return Graph.Record(result, "linear", [input, weights, bias], [weights.requires_grad ? input : null, input.requires_grad ? weights : null], (node, grad) =>
                {
                    Tensor flat = grad.reshape(-1, outputs);
                    if (node.Needs(0))
                        node.Give(0, Products.Batched(flat, node[1]).view(shape));
                    if (node.Needs(1))
                        node.Give(1, Products.Batched(flat.t(), node[0].reshape(-1, inputs)));
                    if (node.Needs(2))
                        node.Give(2, flat.sum([0]));
                });
            }
        }
    }
}
