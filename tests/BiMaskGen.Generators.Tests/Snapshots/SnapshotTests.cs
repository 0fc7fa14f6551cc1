using BiMaskGen.Generators.Tests.Harness;

namespace BiMaskGen.Generators.Tests.Snapshots;

/// <summary>What is emitted for models as users write them.</summary>
public sealed class SnapshotTests
{
    [Fact]
    public void FusedMlp() => Verify(nameof(FusedMlp), TestModels.Mlp);

    [Fact]
    public void TransformerBlock() => Verify(nameof(TransformerBlock), """
        namespace Demo.Text;

        [NMSparse(3, 7, Decay = 1e-5, PermuteEvery = 10, Search = PermutationSearch.PaperRandom, SearchCandidates = 7, Seed = 3)]
        internal sealed partial class Block : Module<Tensor, Tensor>
        {
            private const int Width = 128;
            private readonly LayerNorm norm = LayerNorm(Width);
            private readonly Embedding tokens = Embedding(64, Width);
            private readonly Linear query, proj;
            private readonly Linear fc1 = Linear(outputSize: 4 * Width, inputSize: Width, hasBias: false);

            [NMSparse(2, 4, Search = PermutationSearch.Identity, Mvue = true)]
            private readonly Linear fc2 = Linear(4 * Width, Width);
            private readonly ModuleList<Block> blocks = ModuleList<Block>();
            private readonly Dropout dropout = Dropout(0.1);

            internal Block(string name) : base(name)
            {
                query = Linear(Width, Width);
                this.proj = Linear(Width, Width, false);
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                Tensor h = norm.call(x);
                Func<Tensor, Tensor> attend = t => proj.call(this.query.call(t));
                return Local(attend(h));

                Tensor Local(Tensor t) => x + dropout.call(fc2.call(gelu((fc1.call(t)))));
            }
        }
        """);

    [Fact]
    public void Properties() => Verify(nameof(Properties), """
        namespace Demo;

        [NMSparse(1, 4)]
        public partial class Props : Module<Tensor, Tensor>
        {
            public Linear Fc1 { get; } = Linear(8, 16);

            private Linear Fc2 { get; set; }

            public Linear Open { get; set; } = Linear(4, 4);

            [KeepDense]
            public Linear Head { get; }

            private Linear? made;

            private Linear Computed => made ??= Linear(2, 2);

            public Props(int width) : base("props") => (Fc2, Head) = (Linear(16, width), Linear(width, 10));

            public override Tensor forward(Tensor x) => Head.forward(Open.call(Fc2.forward(Fc1.call(x).gelu()).relu()));

            public Tensor Half(Tensor x) => Computed.call(x);
        }
        """);

    [Fact]
    public void Methods() => Verify(nameof(Methods), """
        namespace Demo;

        [NMSparse(2, 4, Method = SparseMethod.Transposable, DecoupledDecay = true)]
        public sealed partial class Methodical : Module<Tensor, Tensor>
        {
            private readonly Linear blocks = Linear(8, 8);

            [NMSparse(2, 4, Method = SparseMethod.DoublePruned)]
            private readonly Linear kept = Linear(8, 8);

            [NMSparse(1, 4, Method = SparseMethod.MaskDecay, MaskCurve = MaskCurve.Exponential, MaskShare = 0.5, MaskGradient = false, TotalSteps = 1000)]
            private readonly Linear mask = Linear(8, 8);

            [NMSparse(1, 4, Method = SparseMethod.StructureDecay, DenseFirst = 0.1, DenseLast = 0.25)]
            private readonly Linear structure = Linear(8, 8);

            [NMSparse(2, 4, Method = SparseMethod.Continuous, Mvue = true, Seed = 3, Precision = Precision.BFloat16)]
            private readonly Linear smooth = Linear(8, 8);

            public Methodical() : base("methodical") => RegisterComponents();

            public override Tensor forward(Tensor x) => smooth.call(structure.call(mask.call(kept.call(blocks.call(x)))));
        }
        """);

    [Fact]
    public void KeepDense() => Verify(nameof(KeepDense), """
        namespace Demo;

        [NMSparse(2, 4)]
        public sealed partial class Kept : Module<Tensor, Tensor>
        {
            [KeepDense] private readonly Linear fc1 = Linear(8, 8), fc2 = Linear(8, 8);
            private readonly Conv2d conv = Conv2d(3, 8, 3);
            private readonly Sequential tail = Sequential(ReLU());

            public Kept() : base("kept") => RegisterComponents();

            public override Tensor forward(Tensor x) => tail.call(fc2.call(relu(fc1.call(conv.call(x)))));
        }
        """);

    [Fact]
    public void Containers() => Verify(nameof(Containers), """
        namespace Demo;

        [NMSparse(2, 4)]
        public partial class Contained : Module<Tensor, Tensor>
        {
            [KeepDense("out")]
            private readonly Sequential net = Sequential(("in", Linear(16, 32)), ("act", ReLU()), ("rest", Sequential(Linear(32, 8))), ("out", Linear(8, 4)));

            [NMSparse(3, 7)]
            private readonly ModuleList<Linear> layers;

            [NMSparse(1, 4, ConvGrouping = ConvGrouping.Flattened)]
            private readonly Sequential images = Sequential(("c", Conv2d(8, 16, 3)), ("grouped", Conv2d(16, 16, 3, groups: 2)), ("r", Conv1d(16, 8, 1)));

            public Contained(ModuleList<Linear> layers) : base("contained")
            {
                this.layers = layers;
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => net.call(layers.Aggregate(images.call(x), (current, layer) => relu(layer.call(current))));
        }

        [NMSparse(2, 4)]
        public sealed class Derived(ModuleList<Linear> layers) : Contained(layers)
        {
            private readonly Contained inner = new(layers);
            private readonly Sequential tail = Sequential(Linear(4, 4));

            public override Tensor forward(Tensor x) => tail.call(inner.forward(x));
        }
        """);

    [Fact]
    public void Reach() => Verify(nameof(Reach), """
        namespace Demo;

        public sealed class Block : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(8, 8);
            private readonly Sequential net = Sequential(Linear(8, 8), ReLU(), Linear(8, 4));
            [KeepDense] private readonly Linear gate = Linear(8, 8);
            private readonly Conv1d row = Conv1d(8, 8, 3);

            public Block() : base("block") => RegisterComponents();

            public override Tensor forward(Tensor x) => net.call(gate.call(silu(fc.call(relu(row.call(x))))));
        }

        [NMSparse(2, 4, Reach = SparseReach.Children)]
        public sealed partial class Model : Module<Tensor, Tensor>
        {
            private readonly ModuleList<Block> blocks = new(new Block(), new Block());
            [KeepDense] private readonly Linear head = Linear(4, 4);

            public Model() : base("model") => RegisterComponents();

            public override Tensor forward(Tensor x) => head.call(blocks[1].call(blocks[0].call(x)));
        }
        """);

    [Fact]
    public void OtherClasses() => Verify(nameof(OtherClasses), """
        namespace Demo;

        [NMSparse(2, 4)]
        public partial class Inner : Module<Tensor, Tensor>
        {
            public readonly Linear fc = Linear(8, 8);

            public Inner(string name) : base(name)
            {
            }

            public override Tensor forward(Tensor x) => fc.call(x);
        }

        [NMSparse(1, 4)]
        public sealed partial class Outer : Inner
        {
            private readonly Inner inner = new("inner");
            private readonly Linear own = Linear(8, 8);

            public Outer() : base("outer") => RegisterComponents();

            public override Tensor forward(Tensor x) => own.call(fc.call(relu(this.inner.fc.call(x))));
        }
        """);

    [Fact]
    public void Convolutions() => Verify(nameof(Convolutions), """
        namespace Demo;

        [NMSparse(2, 4)]
        public sealed partial class Vision : Module<Tensor, Tensor>
        {
            [KeepDense] private readonly Conv2d stem = Conv2d(3, 16, 3, padding: 1);
            private readonly Conv2d square = Conv2d(16, 32, 3, stride: 2, padding: 1, bias: false), point = Conv2d(32, 64, 1);
            private readonly Conv2d grouped = Conv2d(64, 64, (3, 3), groups: 4);
            [NMSparse(1, 4, ConvGrouping = ConvGrouping.Flattened)] private readonly Conv2d flat = Conv2d(64, 64, (3, 5), TorchSharp.Padding.Same);
            private readonly Conv1d row;

            public Vision(int width) : base("vision")
            {
                row = Conv1d(64, 64, width);
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                x = flat.call(grouped.call(relu(point.call(square.call(stem.call(x))))));
                return row.forward(x.flatten(2)).gelu();
            }
        }
        """);

    [Fact]
    public void AttributeOnMembers() => Verify(nameof(AttributeOnMembers), """
        namespace Demo;

        public sealed partial class Fields : Module<Tensor, Tensor>
        {
            private readonly Linear first = Linear(8, 8);
            [NMSparse(2, 4)] private readonly Linear fc1 = Linear(8, 8), fc2 = Linear(8, 8);

            [NMSparse(1, 4)]
            private Linear Last { get; } = Linear(8, 8);

            public Fields() : base("fields") => RegisterComponents();

            public override Tensor forward(Tensor x) => Last.call(fc2.call(fc1.call(first.call(x))));
        }
        """);

    [Fact]
    public void NotPartial() => Verify(nameof(NotPartial), """
        [NMSparse(2, 4)]
        public sealed class Whole : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(8, 8);

            public Whole() : base("whole") => RegisterComponents();

            public override Tensor forward(Tensor x) => relu(fc.call(x), inplace: true);
        }
        """);

    [Fact]
    public void NestedClass() => Verify(nameof(NestedClass), """
        namespace Demo.@event;

        public static partial class Outer
        {
            internal partial record struct Middle
            {
                [NMSparse(2, 4)]
                private sealed partial class @class : Module<Tensor, Tensor>
                {
                    private readonly Linear @in = Linear(8, 8);

                    public @class() : base("nested") => RegisterComponents();

                    public override Tensor forward(Tensor x) => @in.call(x);
                }

                public static Module<Tensor, Tensor> Make() => new @class();
            }
        }
        """);

    [Fact]
    public void PartialAcrossFiles() => Verify(
        nameof(PartialAcrossFiles),
        """
        namespace Demo;

        public sealed partial class Split
        {
            private readonly Linear fc1 = Linear(8, 16);

            public override Tensor forward(Tensor x) => Second(fc1.call(x).relu());
        }
        """,
        """
        namespace Demo;

        [NMSparse(2, 4)]
        public sealed partial class Split : Module<Tensor, Tensor>
        {
            private readonly Linear fc2;

            public Split() : base("split")
            {
                fc2 = Linear(16, 8);
                RegisterComponents();
            }

            private Tensor Second(Tensor x) => fc2.call(x);
        }
        """);

    [Fact]
    public void DeclaredAsModule() => Verify(nameof(DeclaredAsModule), """
        namespace Demo;

        [NMSparse(2, 4)]
        public sealed partial class Loose : Module<Tensor, Tensor>
        {
            private readonly Module<Tensor, Tensor> fc = Linear(8, 16);
            private readonly Module<Tensor, Tensor> act = ReLU();
            private readonly Module<Tensor, Tensor> either;
            private readonly Module<Tensor, Tensor> conv = Conv2d(1, 2, 3);
            private readonly Module<Tensor, Tensor> given;

            public Loose(bool linear, Module<Tensor, Tensor> given) : base("loose")
            {
                either = Linear(16, 16);
                if (!linear)
                {
                    either = ReLU();
                }

                this.given = given;
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => given.call(conv.call(either.call(act.call(relu(fc.forward(x))))));
        }
        """);

    [Fact]
    public void UnknownShapes() => Verify(nameof(UnknownShapes), """
        namespace Demo;

        [NMSparse(2, 4)]
        public sealed partial class Sized(int width, Linear shared, Parameter weight) : Module<Tensor, Tensor>("sized")
        {
            private readonly Linear fc1 = Linear(784, width), fc2 = Linear(width, 10, hasBias: width > 3);
            private readonly Linear given = shared;
            private readonly Linear tied = Linear(weight, null);
            private readonly Linear chosen = width > 3 ? Linear(1, 2) : Linear(1, 2);
            private Linear twice = Linear(4, 8);
            private Linear? late;

            public void Build()
            {
                twice = Linear(4, 16);
                late ??= Linear(3, 5);
            }

            public override Tensor forward(Tensor x) => late!.call(twice.call(chosen.call(tied.call(given.call(fc2.call(relu(fc1.call(x))))))));
        }
        """);

    [Fact]
    public void DerivedModel() => Verify(nameof(DerivedModel), """
        namespace Demo;

        [NMSparse(2, 4)]
        public abstract partial class Base(string name) : Module<Tensor, Tensor>(name)
        {
            private readonly Linear fc = Linear(8, 8);

            protected Tensor First(Tensor x) => fc.call(x);

            public sealed override Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
                => base.state_dict(destination!, prefix!);
        }

        [NMSparse(1, 4)]
        public sealed partial class Derived() : Base("derived")
        {
            private readonly Linear last = Linear(8, 4);

            public override Tensor forward(Tensor x) => last.call(First(x));
        }
        """);

    private static void Verify(string name, params string[] sources) => Snapshot.Verify(GeneratorRun.Of(sources), name);
}
