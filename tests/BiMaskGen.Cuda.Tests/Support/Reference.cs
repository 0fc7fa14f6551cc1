using BiMaskGen.Integration.Tests.Reference;

namespace BiMaskGen.Cuda.Tests.Support;

/// <summary>A type that products are computed in: how it rounds, and what that loses.</summary>
internal sealed record Rounding(Func<float, float> Round, double Relative)
{
    public static readonly Rounding F32 = new(v => v, 4e-6), F16 = new(v => (float)(Half)v, 1e-3), BF16 = new(Upper, 8e-3);

    // The upper half of the bits, to the nearest, ties to even.
    private static float Upper(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return BitConverter.UInt32BitsToSingle((bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000);
    }
}

/// <summary>A step of a layer in float64 on masked weights; operands rounded to the products' type, as any product in that type rounds them.</summary>
internal sealed class Reference(Rounding type, int n, int m, int outFeatures, int inFeatures)
{
    public double[] Output { get; private set; } = [];

    public double[] InputGradient { get; private set; } = [];

    public double[] WeightGradient { get; private set; } = [];

    public double[] BiasGradient { get; private set; } = [];

    public void Step(float[] weight, float[]? bias, float[] input, float[] gradient, int[] permutation, double decay, Func<double, (double Value, double Slope)> activation)
    {
        int rows = input.Length / inFeatures;
        bool[] forward = ReferenceMasks.Forward(weight, outFeatures, inFeatures, n, m);
        bool[] backward = ReferenceMasks.Backward(weight, forward, outFeatures, inFeatures, n, m, permutation);
        (Output, InputGradient) = (new double[rows * outFeatures], new double[rows * inFeatures]);
        (WeightGradient, BiasGradient) = (new double[weight.Length], new double[outFeatures]);
        for (int row = 0; row < rows; row++)
        {
            for (int o = 0; o < outFeatures; o++)
            {
                double z = bias is null ? 0 : type.Round(bias[o]);
                for (int i = 0; i < inFeatures; i++)
                {
                    z += forward[(o * inFeatures) + i] ? (double)type.Round(input[(row * inFeatures) + i]) * type.Round(weight[(o * inFeatures) + i]) : 0;
                }

                // What backward knows of z is of the products' type.
                Output[(row * outFeatures) + o] = activation(z).Value;
                double slope = activation(type.Round((float)z)).Slope;
                double dz = type.Round((float)(gradient[(row * outFeatures) + o] * slope));
                BiasGradient[o] += dz;
                for (int i = 0; i < inFeatures; i++)
                {
                    WeightGradient[(o * inFeatures) + i] += dz * type.Round(input[(row * inFeatures) + i]);
                    InputGradient[(row * inFeatures) + i] += backward[(o * inFeatures) + i] ? dz * type.Round(weight[(o * inFeatures) + i]) : 0;
                }
            }
        }

        for (int at = 0; at < weight.Length; at++)
        {
            WeightGradient[at] += forward[at] ? 0 : decay * weight[at];
        }
    }

    /// <summary>Asserts that every entry is within what rounding to the type can lose.</summary>
    public void Close(double[] expected, float[] actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        double size = Math.Sqrt(expected.Average(v => v * v));
        for (int i = 0; i < expected.Length; i++)
        {
            // Not the other way round: NaN is a difference too.
            if (!(Math.Abs(actual[i] - expected[i]) <= type.Relative * (Math.Abs(expected[i]) + size)))
            {
                Assert.Fail($"{what}[{i}] is {actual[i]}, expected {expected[i]}");
            }
        }
    }
}
