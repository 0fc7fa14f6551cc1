using System.Runtime.InteropServices;

namespace BiMaskGen.Integration.Tests.Harness;

/// <summary>Moves numbers between tensors and arrays, and compares them.</summary>
internal static class Values
{
    public const double Rounding = 1e-5;

    // TorchSharp's accessor refuses a tensor without entries.
    public static float[] Of(Tensor tensor) => tensor.numel() == 0 ? [] : tensor.data<float>().ToArray();

    public static double[] Doubles(Tensor tensor) => Array.ConvertAll(Of(tensor), v => (double)v);

    public static Tensor ToTensor(float[] values, params long[] shape) => tensor(values).reshape(shape);

    /// <summary>The memory of a contiguous tensor; writing to it tells torch nothing.</summary>
    public static Span<float> Raw(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);

    /// <summary>|error| ≤ 1e-5 · max|expected| for every entry.</summary>
    public static void Close(double[] expected, float[] actual, string what)
    {
        Assert.True(expected.Length == actual.Length, $"{what}: {actual.Length} entries, expected {expected.Length}.");
        double bound = Rounding * expected.Select(Math.Abs).DefaultIfEmpty(0).Max();
        for (int i = 0; i < expected.Length; i++)
        {
            // Negated, so that a NaN fails.
            if (!(Math.Abs(expected[i] - actual[i]) <= bound))
            {
                Assert.Fail($"{what}[{i}] is {actual[i]:R}, expected {expected[i]:R} ± {bound:G3}.");
            }
        }
    }

    public static void Close(double[] expected, Tensor? actual, string what)
    {
        Assert.True(actual is not null, $"{what} is null.");
        Close(expected, Of(actual), what);
    }

    public static void Close(Tensor expected, Tensor actual, string what) => Close(Doubles(expected), actual, what);

    public static void SameBits(float[] expected, float[] actual, string what)
    {
        Assert.True(
            MemoryMarshal.AsBytes<float>(expected).SequenceEqual(MemoryMarshal.AsBytes<float>(actual)), $"{what} differs in some bit.");
    }

    /// <summary>All parameters of two models have the same names and bits.</summary>
    public static void SameParameters(Module expected, Module actual, string when)
    {
        var left = expected.named_parameters().ToArray();
        var right = actual.named_parameters().ToArray();
        Assert.Equal(left.Select(p => p.name), right.Select(p => p.name));
        for (int i = 0; i < left.Length; i++)
        {
            SameBits(Of(left[i].parameter), Of(right[i].parameter), $"{left[i].name} {when}");
        }
    }

    /// <summary>Copies of all parameters' gradients by name; null where there is none.</summary>
    public static Dictionary<string, double[]?> Gradients(Module model) =>
        model.named_parameters().ToDictionary(p => p.name, p => p.parameter.grad is { } grad ? Doubles(grad) : null);
}
