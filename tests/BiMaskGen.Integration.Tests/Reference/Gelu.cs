namespace BiMaskGen.Integration.Tests.Reference;

/// <summary>z Φ(z) and its derivative in double precision.</summary>
internal static class Gelu
{
    public static double Value(double z) => z * Cumulative(z);

    public static double Derivative(double z) => Cumulative(z) + (z * Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI));

    private static double Cumulative(double z) => 0.5 * (1 + Erf(z / Math.Sqrt(2)));

    // erf x = 2/√π e^(−x²) Σ 2ⁿ x^(2n+1) / (2n+1)!!: all terms have one sign, so nothing cancels.
    private static double Erf(double x)
    {
        if (Math.Abs(x) > 6)
        {
            return Math.Sign(x);
        }

        double term = x, sum = x;
        for (int n = 1; Math.Abs(term) > 1e-17 * Math.Abs(sum); n++)
        {
            term *= 2 * x * x / ((2 * n) + 1);
            sum += term;
        }

        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }
}
