using BiMaskGen.Kernels;

namespace BiMaskGen.Tool.GpuCheck;

/// <summary>Activations in float64.</summary>
internal static class ActivationReference
{
    /// <summary>activation(z).</summary>
    public static double Value(Activation activation, double z) => activation switch
    {
        Activation.Relu => Math.Max(z, 0),
        Activation.Gelu => z * Cumulative(z),
        Activation.Silu => z * Logistic(z),
        _ => z,
    };

    /// <summary>d activation(z) / dz.</summary>
    public static double Slope(Activation activation, double z) => activation switch
    {
        Activation.Relu => z > 0 ? 1 : 0,
        Activation.Gelu => Cumulative(z) + (z * Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI)),
        Activation.Silu => Logistic(z) * (1 + (z * (1 - Logistic(z)))),
        _ => 1,
    };

    private static double Logistic(double z) => 1 / (1 + Math.Exp(-z));

    // Φ by its power series; far out it is 0 or 1 to the last place.
    private static double Cumulative(double z)
    {
        if (Math.Abs(z) > 9)
        {
            return z > 0 ? 1 : 0;
        }

        double term = z, sum = z;
        for (int k = 1; k < 300; k++)
        {
            term *= z * z / ((2 * k) + 1);
            sum += term;
        }

        return 0.5 + (sum * Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI));
    }
}
