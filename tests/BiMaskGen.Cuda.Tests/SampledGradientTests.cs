using BiMaskGen.Cuda.Tests.Models;
using BiMaskGen.Cuda.Tests.Support;
using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Runtime.Tests.Cuda;
using static BiMaskGen.Cuda.Tests.Support.Drive;

namespace BiMaskGen.Cuda.Tests;

/// <summary>Layers whose dW comes from a sample of the gradient: a GPU draws what the CPU draws.</summary>
[Collection(FakeCudaCollection.Name)]
public sealed class SampledGradientTests(FakeCuda fake)
{
    private const int Steps = 6;

    [NativeFact]
    public void TwoOfFour() => Compare(static () => new SampledNet());

    [NativeFact]
    public void OneOfTwo() => Compare(static () => new SampledInPairsNet());

    [NativeFact]
    public void EachBackwardDrawsAnew() => Gpu.Run(fake, KernelMode.Dense, () =>
    {
        var model = new SampledInPairsNet();
        Backward(model, 1);
        double[] once = Values.Doubles(model.Layer.weight!.grad!);
        model.zero_grad();
        Backward(model, 1);
        Assert.NotEqual(once, Values.Doubles(model.Layer.weight!.grad!));
        Assert.Equal(0, model.Side.Step);
    });

    // Weights that differ in their last bits can rank otherwise: so every step starts from the CPU's.
    private void Compare(Func<OneLayer> create)
    {
        manual_seed(5);
        OneLayer model = create();
        var gradients = new List<double[]>();
        var weights = new List<float[]>();
        for (int step = 0; step < Steps; step++)
        {
            weights.Add(Values.Of(model.Layer.weight!));
            Train(model, step);
            gradients.Add(Values.Doubles(model.Layer.weight!.grad!));
        }

        Gpu.Run(fake, KernelMode.Dense, () =>
        {
            manual_seed(5);
            OneLayer other = create();
            for (int step = 0; step < Steps; step++)
            {
                using (no_grad())
                {
                    using Tensor weight = Values.ToTensor(weights[step], OneLayer.Out, OneLayer.In);
                    other.Layer.weight!.copy_(weight);
                }

                other.zero_grad();
                Backward(other, 50 + step);
                Values.Close(gradients[step], other.Layer.weight!.grad, $"dW at step {step}");
                Assert.Equal(step, other.Side.Step);
            }

            Assert.Equal(new KernelCounters(0, Steps, 0, 0, Steps), other.Side.Counters);
        });
    }
}
