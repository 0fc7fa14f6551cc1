namespace BiMaskGen.Runtime.Tests.Support;

/// <summary>A pattern type for any N and M, put together from digits at run time as the generator would emit it.</summary>
internal static class PatternTypes
{
    private static readonly Type[] s_digits =
        [typeof(D0), typeof(D1), typeof(D2), typeof(D3), typeof(D4), typeof(D5), typeof(D6), typeof(D7), typeof(D8), typeof(D9)];

    public static Type Of(NMPattern pattern) => typeof(Digits<,,,>).MakeGenericType(
        s_digits[pattern.N / 10], s_digits[pattern.N % 10], s_digits[pattern.M / 10], s_digits[pattern.M % 10]);

    private interface IDigit
    {
        static abstract int Value { get; }
    }

    private readonly struct Digits<TN10, TN1, TM10, TM1> : INMPattern
        where TN10 : struct, IDigit where TN1 : struct, IDigit where TM10 : struct, IDigit where TM1 : struct, IDigit
    {
        public static int N => (10 * TN10.Value) + TN1.Value;

        public static int M => (10 * TM10.Value) + TM1.Value;
    }

    private readonly struct D0 : IDigit { public static int Value => 0; }

    private readonly struct D1 : IDigit { public static int Value => 1; }

    private readonly struct D2 : IDigit { public static int Value => 2; }

    private readonly struct D3 : IDigit { public static int Value => 3; }

    private readonly struct D4 : IDigit { public static int Value => 4; }

    private readonly struct D5 : IDigit { public static int Value => 5; }

    private readonly struct D6 : IDigit { public static int Value => 6; }

    private readonly struct D7 : IDigit { public static int Value => 7; }

    private readonly struct D8 : IDigit { public static int Value => 8; }

    private readonly struct D9 : IDigit { public static int Value => 9; }
}
