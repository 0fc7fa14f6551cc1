using System.Numerics;
using System.Runtime.CompilerServices;

namespace BiMaskGen.Checkpoints;

/// <summary>
/// Small floats to and from float32, a register of them at a time and without branches. Every format here is a float32 with fewer exponent and
/// mantissa bits, so that codes shift into place; subnormal numbers are made by the float unit, by adding or taking off a power of two whose last
/// place is the format's smallest number.
/// </summary>
/// <typeparam name="T">The format.</typeparam>
internal static class SmallFloatCodes<T>
    where T : struct, ISmallFloat
{
    private const int SingleMantissaBits = 23;
    private const int SingleBias = 127;
    private const int SingleInfinity = 0x7F80_0000;
    private const int Magnitude = 0x7FFF_FFFF;
    private const int Quiet = 0x40_0000;

    private static int Shift => SingleMantissaBits - T.MantissaBits;

    private static int CodeMagnitude => (1 << (T.Bits - 1)) - 1;

    private static int LargestExponent => CodeMagnitude >> T.MantissaBits;

    private static int LargestFinite => T.HasInfinity ? (LargestExponent << T.MantissaBits) - 1 : CodeMagnitude - 1;

    /// <summary>The bits of the smallest normal number of the format, as a float32.</summary>
    private static int SmallestNormal => (SingleBias - T.Bias + 1) << SingleMantissaBits;

    /// <summary>The bits of the float32 whose last place is the format's smallest number.</summary>
    private static int SubnormalPlace => (SingleBias - T.Bias + 1 + Shift) << SingleMantissaBits;

    /// <summary>The bits of the float32 that the codes stand for. Exact; NaN becomes quiet.</summary>
    /// <param name="codes">Codes, zero-extended.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<int> Widen(Vector<int> codes)
    {
        Vector<int> magnitude = codes & new Vector<int>(CodeMagnitude);
        Vector<int> shifted = magnitude << Shift;
        Vector<int> bits = shifted + new Vector<int>((SingleBias - T.Bias) << SingleMantissaBits);

        var place = new Vector<int>(SmallestNormal);
        Vector<int> subnormal = Vector.AsVectorInt32(Singles(shifted + place) - Singles(place));
        bits = Vector.ConditionalSelect(Vector.LessThan(shifted, new Vector<int>(1 << SingleMantissaBits)), subnormal, bits);

        if (T.HasInfinity)
        {
            bits = Vector.ConditionalSelect(Vector.GreaterThan(magnitude, new Vector<int>(LargestFinite)), shifted | new Vector<int>(SingleInfinity), bits);
        }

        Vector<int> isNaN = Vector.GreaterThan(magnitude, new Vector<int>(LargestFinite + (T.HasInfinity ? 1 : 0)));
        bits |= isNaN & new Vector<int>(SingleInfinity | Quiet);
        return bits | ((codes & new Vector<int>(1 << (T.Bits - 1))) << (32 - T.Bits));
    }

    /// <summary>
    /// The nearest codes to float32 numbers, of two equally near the even one; beyond the largest finite number infinity, or NaN in formats without
    /// one; NaN becomes quiet and keeps the upper part of its payload.
    /// </summary>
    /// <param name="bits">The bits of the numbers.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<int> Narrow(Vector<int> bits)
    {
        Vector<int> magnitude = bits & new Vector<int>(Magnitude);

        // Half of the last place that stays, less one, and one more where that place is odd: ties go to the even code.
        Vector<int> half = new Vector<int>((1 << (Shift - 1)) - 1) + ((magnitude >> Shift) & Vector<int>.One);
        Vector<int> rounded = (magnitude - new Vector<int>((SingleBias - T.Bias) << SingleMantissaBits) + half) >> Shift;

        var place = new Vector<int>(SubnormalPlace);
        Vector<int> subnormal = Vector.AsVectorInt32(Singles(magnitude) + Singles(place)) - place;
        Vector<int> code = Vector.ConditionalSelect(Vector.LessThan(magnitude, new Vector<int>(SmallestNormal)), subnormal, rounded);
        code = Vector.Min(code, new Vector<int>(LargestFinite + 1));

        Vector<int> isNaN = Vector.GreaterThan(magnitude, new Vector<int>(SingleInfinity));
        Vector<int> payload = ((magnitude | new Vector<int>(Quiet)) >> Shift) & new Vector<int>(CodeMagnitude >> (T.Bits - 1 - T.MantissaBits));
        code = Vector.ConditionalSelect(isNaN, T.HasInfinity ? payload | new Vector<int>(LargestFinite + 1) : new Vector<int>(CodeMagnitude), code);
        return code | ((bits >>> (32 - T.Bits)) & new Vector<int>(1 << (T.Bits - 1)));
    }

    private static Vector<float> Singles(Vector<int> bits) => Vector.AsVectorSingle(bits);
}
