using System.Globalization;

namespace BiMaskGen.Benchmarks.Compiling;

/// <summary>Source files with one annotated module each, of four linear layers, as a large project would hold them.</summary>
internal static class ModuleSources
{
    /// <summary>Layers of each module.</summary>
    internal const int Layers = 4;

    private const string Usings = """
        using System;
        using BiMaskGen;
        using TorchSharp.Modules;
        using static TorchSharp.torch;
        using static TorchSharp.torch.nn;
        using static TorchSharp.torch.nn.functional;

        """;

    private static readonly string[] s_templates = [Mlp, Attention, Gated, Residual];

    /// <summary>The module's text; kinds and shapes take turns.</summary>
    internal static string Module(int index) => Usings + s_templates[index % s_templates.Length]
        .Replace("@Name", "Module" + index.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("@Width", (128 + (64 * (index % 11))).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("@Wide", (512 + (128 * (index % 7))).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private const string Mlp = """
        namespace Project.Classifiers;

        /// <summary>A classifier's body: widths go up, then down.</summary>
        [NMSparse(2, 4)]
        public sealed partial class @Name : Module<Tensor, Tensor>
        {
            private readonly Linear fc1 = Linear(@Width, @Wide), fc2 = Linear(@Wide, @Wide);
            private readonly Linear fc3 = Linear(@Wide, @Width), fc4 = Linear(@Width, 256);
            private readonly Dropout dropout;
            private readonly LayerNorm norm;
            private readonly bool _residual;

            public @Name(double dropout = 0.1, bool residual = false) : base("mlp")
            {
                if (dropout is < 0 or >= 1)
                {
                    throw new ArgumentOutOfRangeException(nameof(dropout), dropout, "expected a probability");
                }

                this.dropout = Dropout(dropout);
                norm = LayerNorm(@Wide);
                _residual = residual;
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                Tensor y = relu(fc1.call(x.flatten(1)));
                y = dropout.call(relu(fc2.call(norm.call(y))));
                y = relu(fc3.call(y));
                if (_residual)
                {
                    y = y + x.flatten(1);
                }

                return log_softmax(fc4.call(y), -1);
            }
        }
        """;

    private const string Attention = """
        namespace Project.Transformers;

        /// <summary>Causal self-attention and an MLP, each behind a norm and beside a residual path.</summary>
        [NMSparse(2, 4, Decay = 6e-3)]
        public sealed partial class @Name : Module<Tensor, Tensor>
        {
            private const long Width = @Width, Heads = 8;

            private readonly LayerNorm norm1 = LayerNorm(Width), norm2 = LayerNorm(Width);
            private readonly Linear qkv, proj, fc1, fc2;

            public @Name() : base("block")
            {
                qkv = Linear(Width, 3 * Width);
                proj = Linear(Width, Width);
                fc1 = Linear(Width, 4 * Width);
                fc2 = Linear(4 * Width, Width);
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                x = x + proj.call(Attend(norm1.call(x)));
                return x + fc2.call(gelu(fc1.call(norm2.call(x))));
            }

            private Tensor Attend(Tensor x)
            {
                long batch = x.shape[0], context = x.shape[1];
                Tensor[] parts = qkv.call(x).chunk(3, -1);
                Tensor q = Split(parts[0]), k = Split(parts[1]), v = Split(parts[2]);
                return scaled_dot_product_attention(q, k, v, is_casual: true).transpose(1, 2).reshape(batch, context, Width);

                Tensor Split(Tensor part) => part.reshape(batch, context, Heads, Width / Heads).transpose(1, 2);
            }
        }
        """;

    private const string Gated = """
        namespace Project.Language
        {
            /// <summary>A gated MLP behind a projection.</summary>
            [NMSparse(2, 4)]
            internal sealed partial class @Name : Module<Tensor, Tensor>
            {
                private readonly Linear project = Linear(@Wide, @Width, hasBias: false);
                private readonly Linear gate = Linear(@Width, 2 * @Wide, hasBias: false);
                private readonly Linear up = Linear(@Width, 2 * @Wide, hasBias: false);
                private readonly Linear down = Linear(2 * @Wide, @Wide, hasBias: false);
                private int _steps;

                public @Name() : base(nameof(@Name))
                {
                    RegisterComponents();
                }

                public int Steps => _steps;

                public override Tensor forward(Tensor input)
                {
                    _steps++;
                    using var scope = NewDisposeScope();
                    var projected = project.call(input);
                    var gated = silu(gate.call(projected)) * up.call(projected);
                    for (int i = 0; i < 2; i++)
                    {
                        gated = gated * (1.0 - (0.5 * i));
                    }

                    return (input + down.call(gated)).MoveToOuterDisposeScope();
                }
            }
        }
        """;

    private const string Residual = """
        namespace Project.Tabular;

        /// <summary>Two residual steps of two layers.</summary>
        [NMSparse(2, 4, PermuteEvery = 50)]
        public partial class @Name : Module<Tensor, Tensor>
        {
            private readonly Module<Tensor, Tensor> first = Linear(@Width, @Wide);
            private readonly Module<Tensor, Tensor> second = Linear(@Wide, @Width);
            private readonly double _scale;

            public @Name(double scale = 1) : base("residual")
            {
                _scale = scale;
                RegisterComponents();
            }

            public Linear Third { get; } = Linear(@Width, @Wide);

            public Linear Fourth { get; } = Linear(@Wide, @Width);

            public override Tensor forward(Tensor x)
            {
                x = x + (Step(x) * _scale);
                Tensor y = Third.call(x).relu();
                return x + Fourth.forward(y);
            }

            protected virtual Tensor Step(Tensor x)
            {
                Tensor hidden = first.call(x);
                hidden = training ? hidden.relu() : relu(hidden, inplace: false);
                return second.call(hidden);
            }
        }
        """;
}
