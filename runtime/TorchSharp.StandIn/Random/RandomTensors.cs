namespace TorchSharp;

public static partial class torch
{
    public static Tensor rand(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null)
        => empty(size, dtype, device).uniform_(0, 1, generator).requires_grad_(requires_grad);

    public static Tensor rand(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null)
        => rand([size], dtype, device, requires_grad, generator);

    public static Tensor rand(long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null)
        => rand([rows, columns], dtype, device, requires_grad, generator);

    public static Tensor rand(long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null)
        => rand([dim0, dim1, dim2], dtype, device, requires_grad, generator);

    public static Tensor rand(long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null)
        => rand([dim0, dim1, dim2, dim3], dtype, device, requires_grad, generator);

    public static Tensor randn(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null)
        => empty(size, dtype, device).normal_(0, 1, generator).requires_grad_(requires_grad);

    public static Tensor randn(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null)
        => randn([size], dtype, device, requires_grad, generator);

    public static Tensor randn(long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null)
        => randn([rows, columns], dtype, device, requires_grad, generator);

    public static Tensor randn(long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null)
        => randn([dim0, dim1, dim2], dtype, device, requires_grad, generator);

    public static Tensor randn(long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null)
        => randn([dim0, dim1, dim2, dim3], dtype, device, requires_grad, generator);

    public static Tensor rand_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
        => rand(input.Impl.Shape, dtype ?? input.dtype, device, requires_grad);

    public static Tensor randn_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
        => randn(input.Impl.Shape, dtype ?? input.dtype, device, requires_grad);

    public static Tensor randint(long high, long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null)
        => randint(0, high, size, dtype, device, requires_grad, generator);

    public static Tensor randint(long low, long high, long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null)
    {
        if (high <= low)
            throw new ArgumentException("randint: high must be greater than low");
        Tensor result = empty(size, ScalarType.Int64, device);
        foreach (ref long value in result.Impl.Span<long>())
            value = low + (generator ?? Generator.Default).Below(high - low);
        return result.to_type(dtype ?? ScalarType.Int64, disposeAfter: true);
    }

    public static Tensor randperm(long n, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null)
    {
        Tensor result = arange(n, dtype: ScalarType.Int64, device: device);
        Span<long> values = result.Impl.Span<long>();
        for (int i = values.Length - 1; i > 0; i--)
        {
            int other = (int)(generator ?? Generator.Default).Below(i + 1);
            (values[i], values[other]) = (values[other], values[i]);
        }

        return result.to_type(dtype ?? ScalarType.Int64, disposeAfter: true);
    }

    public static Tensor multinomial(Tensor input, long num_samples, bool replacement = false, Generator? generator = null)
        => input.multinomial(num_samples, replacement, generator);

    public partial class Tensor
    {
        public Tensor uniform_(double from, double to, Generator? generator = null)
            => Draw((generator ?? Generator.Default).Uniform, values =>
            {
                for (int i = 0; i < values.Length; i++)
                    values[i] = (float)(from + (values[i] * (to - from)));
            });

        public Tensor normal_(double mean = 0, double std = 1, Generator? generator = null)
            => Draw(values => (generator ?? Generator.Default).Normal(values, mean, std), null);

        public Tensor bernoulli_(double p = 0.5, Generator? generator = null)
            => Draw(values => (generator ?? Generator.Default).Mask(values, p, 1), null);

        /// <summary>Indices drawn by weight, row by row; without replacement a drawn weight counts as zero afterwards.</summary>
        public Tensor multinomial(long num_samples, bool replacement = false, Generator? generator = null)
        {
            using Tensor packed = FloatRun();
            int categories = (int)Impl.Shape[^1];
            long[] shape = [.. Impl.Shape[..^1], num_samples];
            Tensor result = empty(shape, ScalarType.Int64);
            Span<long> samples = result.Impl.Span<long>();
            for (int row = 0; row < samples.Length / Math.Max(1, (int)num_samples); row++)
            {
                float[] weights = packed.Impl.Span<float>().Slice(row * categories, categories).ToArray();
                if (Array.Exists(weights, w => !float.IsFinite(w) || w < 0))
                    throw Shapes.Error("probability tensor contains either `inf`, `nan` or element < 0");
                for (int s = 0; s < num_samples; s++)
                {
                    int chosen = Choose(weights, generator ?? Generator.Default);
                    samples[(row * (int)num_samples) + s] = chosen;
                    if (!replacement)
                        weights[chosen] = 0;
                }
            }

            return result;
        }

        private static int Choose(float[] weights, Generator generator)
        {
            double total = 0;
            foreach (float weight in weights)
                total += weight;
            if (total <= 0)
                throw Shapes.Error("invalid multinomial distribution (sum of probabilities <= 0)");
            double left = generator.Uniform() * total;
            int last = -1;
            for (int i = 0; i < weights.Length; i++)
            {
                if (weights[i] <= 0)
                    continue;
                last = i;
                left -= weights[i];
                if (left < 0)
                    break;
            }

            return last;
        }

        private Tensor Draw(SpanAction fill, SpanAction? then)
        {
            RefuseLeaf();
            using Tensor values = new(TensorImpl.Allocate(ScalarType.Float32, Impl.Shape), register: false);
            fill(values.Impl.Span<float>());
            then?.Invoke(values.Impl.Span<float>());
            return copy_(values);
        }

        private delegate void SpanAction(Span<float> values);
    }
}
