using System.Globalization;

namespace BiMaskGen.Analyzers.Shapes;

/// <summary>Arithmetic of feature counts.</summary>
internal static class Features
{
    /// <summary>Whether a number can be a count of features; torch refuses all others by itself.</summary>
    public static bool IsOne(long value) => value is > 0 and <= int.MaxValue;

    public static long Up(long value, int step) => (value + step - 1) / step * step;

    /// <summary>The multiples around a number that is none: "48 or 52", or "4" where there is none below.</summary>
    public static string Around(long value, int step)
    {
        long up = Up(value, step);
        return up - step > 0
            ? string.Format(CultureInfo.InvariantCulture, "{0} or {1}", up - step, up)
            : up.ToString(CultureInfo.InvariantCulture);
    }

    public static int LeastCommonMultiple(int a, int b)
    {
        (int x, int y) = (a, b);
        while (y != 0)
        {
            (x, y) = (y, x % y);
        }

        return a / x * b;
    }
}
