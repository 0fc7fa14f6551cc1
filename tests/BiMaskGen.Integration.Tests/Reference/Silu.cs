namespace BiMaskGen.Integration.Tests.Reference;

/// <summary>z / (1 + e^−z) and its derivative in double precision, by the quotient rule.</summary>
internal static class Silu
{
    public static double Value(double z) => z / (1 + Math.Exp(-z));

    public static double Derivative(double z)
    {
        double e = Math.Exp(-z);
        return (1 + e + (z * e)) / ((1 + e) * (1 + e));
    }
}
