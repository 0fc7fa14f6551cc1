using Xunit;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Autograd;

/// <summary>Compares backward with five-point central differences, element by element, of a weighted sum of the outputs.</summary>
internal static class GradCheck
{
    private const float Step = 0.02f;
    private const double Tolerance = 3e-3;

    public static void Check(Func<Tensor[], Tensor> function, params Tensor[] inputs)
    {
        using DisposeScope scope = NewDisposeScope();
        foreach (Tensor input in inputs)
            input.requires_grad_();
        using Tensor output = function(inputs);
        Tensor weights = Values(output.shape, seed: 99);
        (output * weights).sum().backward();
        for (int i = 0; i < inputs.Length; i++)
        {
            Tensor gradient = inputs[i].grad ?? throw new Xunit.Sdk.XunitException($"input {i} has no gradient");
            Assert.Equal(inputs[i].shape, gradient.shape);
            float[] analytic = gradient.data<float>().ToArray();
            for (int at = 0; at < analytic.Length; at++)
            {
                double numeric = Numeric(function, inputs, i, at, weights);
                double error = Math.Abs(numeric - analytic[at]);
                Assert.True(error <= Tolerance * (1 + Math.Abs(numeric)), $"input {i} element {at}: backward {analytic[at]}, differences {numeric}");
            }
        }
    }

    /// <summary>Distinct values, none near zero or near another, so that no kink lies within a step.</summary>
    public static Tensor Values(long[] shape, int seed, float low = -2, float high = 2)
    {
        long count = shape.Aggregate(1L, (a, b) => a * b);
        long cells = count + (count % 2);
        float[] grid = [.. Enumerable.Range(0, (int)count).Select(i => low + ((high - low) * (i + 0.5f) / cells))];
        new System.Random(seed).Shuffle(grid);
        return tensor(grid).reshape(shape);
    }

    private static double Numeric(Func<Tensor[], Tensor> function, Tensor[] inputs, int input, int at, Tensor weights)
    {
        using var mode = no_grad();
        float before = inputs[input].Values<float>()[at];
        double near = Loss(before + Step) - Loss(before - Step);
        double far = Loss(before + (2 * Step)) - Loss(before - (2 * Step));
        Loss(before);
        return ((8 * near) - far) / (12 * Step);

        double Loss(float value)
        {
            using DisposeScope scope = NewDisposeScope();
            System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(inputs[input].bytes)[at] = value;
            float[] outputs = function(inputs).data<float>().ToArray();
            float[] scale = weights.data<float>().ToArray();
            return outputs.Zip(scale, (a, b) => (double)a * b).Sum();
        }
    }
}
