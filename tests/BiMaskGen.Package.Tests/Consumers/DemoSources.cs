namespace BiMaskGen.Package.Tests.Consumers;

/// <summary>What a user writes: an annotated model, and a program that takes one step of training and prints all that it did.</summary>
internal static class DemoSources
{
    /// <summary>The model, one sparse layer and one that stays dense.</summary>
    public const string Model = """
        using BiMaskGen;
        using TorchSharp;
        using TorchSharp.Modules;
        using static TorchSharp.torch;
        using static TorchSharp.torch.nn;

        namespace Demo;

        /// <summary>A model.</summary>
        [NMSparse(2, 4)]
        public sealed partial class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(32, 64);
            [KeepDense] private readonly Linear head = Linear(64, 32);

            /// <summary>Creates it.</summary>
            public Net() : base("net") => RegisterComponents();

            /// <summary>The sparse layer.</summary>
            public Linear Sparse => fc;

            /// <summary>The dense one.</summary>
            public Linear Dense => head;

            /// <inheritdoc/>
            public override Tensor forward(Tensor x) => head.call(fc.call(x));
        }
        """;

    /// <summary>One step; every line of its output is a name and numbers.</summary>
    public const string Program = """
        using System.Globalization;
        using System.Linq;
        using BiMaskGen;
        using TorchSharp;
        using static TorchSharp.torch;

        KernelPolicy.Mode = KernelMode.Sparse;
        manual_seed(1);
        using Demo.Net net = new();
        Tensor x = randn(8, 32);
        x.requires_grad = true;
        Tensor y = net.call(x);
        Tensor g = randn(8, 32);
        (y * g).sum().backward();

        SparseLayer layer = ((INMSparseModel)net).SparseLayers.Single().Layer;
        Print("x", x);
        Print("g", g);
        Print("w", net.Sparse.weight);
        Print("b", net.Sparse.bias!);
        Print("v", net.Dense.weight);
        Print("c", net.Dense.bias!);
        Print("y", y);
        Print("dx", x.grad!);
        System.Console.WriteLine("pi " + string.Join(' ', layer.Permutation!));
        KernelCounters n = layer.Counters;
        System.Console.WriteLine($"counters {n.ForwardSparse} {n.ForwardDense} {n.InputGradientSparse} {n.InputGradientDense} {n.WeightGradient}");

        static void Print(string name, Tensor t) =>
            System.Console.WriteLine(name + " " + string.Join(' ', t.detach().data<float>().ToArray().Select(v => v.ToString("R", CultureInfo.InvariantCulture))));
        """;
}
