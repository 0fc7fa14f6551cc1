using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Models;
using BiMaskGen.Integration.Tests.Reference;
using BiMaskGen.Kernels.Cpu;

namespace BiMaskGen.Integration.Tests.Convolutions;

/// <summary>Convolutions train as the definition says, step by step from the weights of that step.</summary>
public sealed class ConvEquivalenceTests
{
    private static readonly Act[] s_activations = [Act.None, Act.Relu, Act.Gelu];

    public static TheoryData<string, string> Runs { get; } = Cases.Product([.. ConvCase.All.Keys], ["BiMask", "OneOfFour", "TwoOfEight", "Flat", "FlatOneOfFour"]);

    public static TheoryData<string> Layers { get; } = [.. ConvCase.All.Keys];

    [Theory]
    [MemberData(nameof(Runs))]
    public void EveryStep_IsThatOfTheMaskedConvolution(string layer, string kind)
    {
        using var kernels = new KernelModeScope(KernelMode.Auto);
        Train(layer, kind, steps: 33);
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void EveryStep_OnSparseKernelsAndSeveralThreads(string layer)
    {
        using var kernels = new KernelModeScope(KernelMode.Sparse);
        int threads = CpuPool.Threads;
        try
        {
            CpuPool.Threads = 4;
            Train(layer, "BiMask", steps: 5);
        }
        finally
        {
            CpuPool.Threads = threads;
        }
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void EveryStep_ByTorchsOwnOperators(string layer)
    {
        using var dense = new MaskedDenseScope();
        Train(layer, "BiMask", steps: 5);
        Train(layer, "Flat", steps: 3);
    }

    private static void Train(string layer, string kind, int steps)
    {
        ConvCase sizes = ConvCase.All[layer];
        manual_seed(7);
        Convolution convolution = sizes.Make();
        OneConv model = OneConv.Around(kind + (convolution is Conv1d ? "Row" : "Conv"), convolution);
        var samples = new Samples(3);
        using var optimizer = optim.SGD(model.parameters(), 0.05, momentum: 0.9);
        for (int step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            model.Activation = s_activations[step % s_activations.Length];
            Tensor x = samples.Tensor(sizes.Input).requires_grad_();
            optimizer.zero_grad();
            Tensor y = model.call(x);
            Tensor g = samples.Tensor(y.shape);
            (y * g).mean().backward();

            var reference = new ReferenceConv(model, x);
            string when = $"{layer} {kind} at step {step}";
            Values.Close(reference.Output, y, "y of " + when);
            (double[] dx, double[] dw, double[] db) = reference.Gradients(Array.ConvertAll(Values.Doubles(g), v => v / g.numel()), Values.Of(y));
            Values.Close(dx, x.grad, "dX of " + when);
            Values.Close(dw, convolution.weight.grad, "dW of " + when);
            if (convolution.bias is { } bias)
            {
                Values.Close(db, bias.grad, "db of " + when);
            }

            optimizer.step();
        }

        Assert.Equal(steps - 1, model.Side.Step);
    }
}
