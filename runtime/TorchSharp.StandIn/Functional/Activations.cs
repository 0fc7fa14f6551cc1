namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor relu(Tensor x, bool inplace = false) => inplace ? x.relu_().alias() : x.relu();

            public static Tensor gelu(Tensor x) => x.gelu();

            public static Tensor gelu(Tensor x, bool inplace) => inplace ? x.gelu_().alias() : x.gelu();

            public static Tensor gelu(Tensor x, Modules.GELU.Approximate approximate, bool inplace = false)
                => inplace ? x.Rewrite(t => t.gelu(approximate)).alias() : x.gelu(approximate);

            public static Tensor silu(Tensor x, bool inplace = false) => inplace ? x.silu_().alias() : x.silu();

            public static Tensor tanh(Tensor x, bool inplace = false) => inplace ? x.tanh_().alias() : x.tanh();

            public static Tensor sigmoid(Tensor x) => x.sigmoid();

            public static Tensor sigmoid(Tensor x, bool inplace) => inplace ? x.sigmoid_().alias() : x.sigmoid();

            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => input.softmax(dim, dtype);

            public static Tensor log_softmax(Tensor x, long dim) => x.log_softmax(dim);

            /// <summary>Zeroes with probability p and scales the rest by 1/(1 − p).</summary>
            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false)
            {
                if (p is < 0 or > 1)
                    throw Shapes.Error($"dropout probability has to be between 0 and 1, but got {p}");
                if (!training || p == 0)
                    return input.alias();
                using Tensor mask = Kept(input.Impl.Shape, p);
                return inplace ? input.mul_(mask).alias() : input.mul(mask);
            }

            /// <summary>0 with probability p, 1/(1 − p) otherwise.</summary>
            internal static Tensor Kept(long[] shape, double p)
            {
                Tensor mask = empty(shape);
                Generator.Default.Mask(mask.Impl.Span<float>(), 1 - p, p < 1 ? (float)(1 / (1 - p)) : 0);
                return mask;
            }
        }
    }
}
