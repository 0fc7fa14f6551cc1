namespace BiMaskGen.Checkpoints;

/// <summary>
/// A float narrower than 32 bits: a sign, exponent and mantissa as in IEEE 754. As a type, so that the JIT sees the numbers as constants.
/// </summary>
internal interface ISmallFloat
{
    static abstract int Bits { get; }

    static abstract int MantissaBits { get; }

    static abstract int Bias { get; }

    /// <summary>Whether the largest exponent stands for infinity and NaN, as in IEEE 754; else only the code of all ones is NaN.</summary>
    static abstract bool HasInfinity { get; }
}

internal readonly struct Float16 : ISmallFloat
{
    public static int Bits => 16;

    public static int MantissaBits => 10;

    public static int Bias => 15;

    public static bool HasInfinity => true;
}

internal readonly struct BFloat16 : ISmallFloat
{
    public static int Bits => 16;

    public static int MantissaBits => 7;

    public static int Bias => 127;

    public static bool HasInfinity => true;
}

internal readonly struct Float8E5M2 : ISmallFloat
{
    public static int Bits => 8;

    public static int MantissaBits => 2;

    public static int Bias => 15;

    public static bool HasInfinity => true;
}

internal readonly struct Float8E4M3 : ISmallFloat
{
    public static int Bits => 8;

    public static int MantissaBits => 3;

    public static int Bias => 7;

    public static bool HasInfinity => false;
}
