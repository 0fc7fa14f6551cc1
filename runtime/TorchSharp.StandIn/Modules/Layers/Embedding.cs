using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>Rows of a table, picked by index.</summary>
    public sealed class Embedding : nn.Module<Tensor, Tensor>
    {
        private readonly long? _paddingIndex;

        [ComponentName(Name = nameof(weight))]
        private Parameter? _weight;

        internal Embedding(Parameter table, long? paddingIndex)
            : base(nameof(Embedding))
        {
            _paddingIndex = paddingIndex < 0 ? paddingIndex + table.shape[0] : paddingIndex;
            weight = table;
        }

        public Parameter? weight
        {
            get => _weight;
            set => SetParameter(ref _weight, nameof(weight), value);
        }

        public override Tensor forward(Tensor input) => EmbeddingFunction.apply(input, weight!, _paddingIndex!);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Embedding Embedding(long num_embeddings, long embedding_dims, long? padding_idx = null, double? max_norm = null,
                double norm_type = 2.0, bool scale_grad_by_freq = false, bool sparse = false, Device? device = null, ScalarType? dtype = null)
            {
                RefuseUnsupported(max_norm, scale_grad_by_freq, sparse);
                var table = empty([num_embeddings, embedding_dims], dtype, device);
                init.normal_(table);
                if (padding_idx is { } row)
                {
                    using var padding = table.select(0, row);
                    padding.zero_();
                }
                return new(Parameter(table), padding_idx);
            }

            public static Modules.Embedding Embedding_from_pretrained(Tensor embeddings, bool freeze = true, long? padding_idx = null, double? max_norm = null,
                double norm_type = 2.0, bool scale_grad_by_freq = false, bool sparse = false, Device? device = null, ScalarType? dtype = null)
            {
                RefuseUnsupported(max_norm, scale_grad_by_freq, sparse);
                return new(Parameter(embeddings.detach().clone(), requires_grad: !freeze), padding_idx);
            }

            private static void RefuseUnsupported(double? maxNorm, bool scaleByFrequency, bool sparse)
            {
                if (maxNorm is not null || scaleByFrequency || sparse)
                {
                    throw new NotSupportedException("Embedding: max_norm, scale_grad_by_freq and sparse are not supported.");
                }
            }
        }
    }
}
