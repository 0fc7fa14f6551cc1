namespace BiMaskGen.Generators.Tests;

/// <summary>Models that several tests use.</summary>
internal static class TestModels
{
    public const string Mlp = """
        namespace Demo;

        [NMSparse(2, 4)]
        public sealed partial class Mlp : Module<Tensor, Tensor>
        {
            private readonly Linear fc1 = Linear(784, 512), fc2 = Linear(512, 512);
            [KeepDense] private readonly Linear head = Linear(512, 10);

            public Mlp() : base("mlp") => RegisterComponents();

            public override Tensor forward(Tensor x) => head.call(relu(fc2.call(relu(fc1.call(x)))));
        }
        """;
}
