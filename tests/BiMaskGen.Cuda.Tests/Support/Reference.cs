using BiMaskGen.Integration.Tests.Reference.Rules;

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
internal sealed class Reference(Rounding type, int outFeatures, int inFeatures)
{
    public double[] Output { get; private set; } = [];

    public double[] InputGradient { get; private set; } = [];

    public double[] WeightGradient { get; private set; } = [];

    public double[] BiasGradient { get; private set; } = [];

    /// <summary>Computes the step.</summary>
    /// <param name="operands">What the method makes of the weight.</param>
    /// <param name="bias">[out_features], or null.</param>
    /// <param name="input">[rows, in_features].</param>
    /// <param name="gradient">dL/dy, [rows, out_features].</param>
    /// <param name="activation">What follows, and its slope.</param>
    public void Step(ReferenceOperands operands, float[]? bias, float[] input, float[] gradient, Func<double, (double Value, double Slope)> activation)
    {
        int rows = input.Length / inFeatures;
        double[] forward = [.. operands.Forward.Select(v => (double)type.Round((float)v))], backward = [.. operands.Backward.Select(v => (double)type.Round((float)v))];
        (Output, InputGradient) = (new double[rows * outFeatures], new double[rows * inFeatures]);
        (WeightGradient, BiasGradient) = (new double[forward.Length], new double[outFeatures]);
        for (int row = 0; row < rows; row++)
        {
            for (int o = 0; o < outFeatures; o++)
            {
                double z = bias is null ? 0 : type.Round(bias[o]);
                for (int i = 0; i < inFeatures; i++)
                {
                    z += type.Round(input[(row * inFeatures) + i]) * forward[(o * inFeatures) + i];
                }

                // What backward knows of z is of the products' type.
                Output[(row * outFeatures) + o] = activation(z).Value;
                double slope = activation(type.Round((float)z)).Slope;
                double dz = type.Round((float)(gradient[(row * outFeatures) + o] * slope));
                BiasGradient[o] += dz;
                for (int i = 0; i < inFeatures; i++)
                {
                    WeightGradient[(o * inFeatures) + i] += dz * type.Round(input[(row * inFeatures) + i]);
                    InputGradient[(row * inFeatures) + i] += dz * backward[(o * inFeatures) + i];
                }
            }
        }

        for (int at = 0; at < forward.Length; at++)
        {
            WeightGradient[at] = (WeightGradient[at] * (operands.GradientFactor?[at] ?? 1)) + (operands.DecayTerm?[at] ?? 0);
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
