using BiMaskGen.Kernels;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Kernels;

/// <summary>Seeded input and comparison of kernels with sums kept in double.</summary>
internal static class Data
{
    internal static float[] Random(int count, int seed)
    {
        var random = new Random(seed);
        var values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = (2 * random.NextSingle()) - 1;
        }

        return values;
    }

    /// <summary>Asserts that the error is that of float sums of so many terms, each at most 1 in size.</summary>
    internal static void AssertClose(double expected, float actual, int terms, string what) =>
        Assert.True(
            Math.Abs(actual - expected) <= 5e-7 * (terms + 2 + Math.Abs(expected)), $"{what}: expected {expected}, got {actual}");

    internal static double Activate(Activation activation, double z) => activation switch
    {
        Activation.Relu => Math.Max(z, 0),
        Activation.Gelu => z * Phi(z),
        Activation.Silu => z / (1 + Math.Exp(-z)),
        _ => z,
    };

    /// <summary>Φ(z) by Simpson's rule over the density, apart from any series a kernel might use.</summary>
    internal static double Phi(double z)
    {
        const int intervals = 400;
        double end = Math.Min(Math.Abs(z), 8);
        double h = end / intervals;
        double sum = Density(0) + Density(end);
        for (int i = 1; i < intervals; i++)
        {
            sum += (i % 2 == 0 ? 2 : 4) * Density(i * h);
        }

        double half = sum * h / 3;
        return z < 0 ? 0.5 - half : 0.5 + half;
    }

    internal static double Density(double z) => Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);
}
