using System.Runtime.InteropServices;
using BiMaskGen.Checkpoints;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Checkpoints;

public sealed class TensorConversionTests
{
    /// <summary>Bits, mantissa bits, exponent bias, whether there are infinities.</summary>
    public static TheoryData<DType, int, int, int, bool> SmallFloats => new()
    {
        { DType.F16, 16, 10, 15, true },
        { DType.BF16, 16, 7, 127, true },
        { DType.F8_E5M2, 8, 2, 15, true },
        { DType.F8_E4M3, 8, 3, 7, false },
    };

    [Theory]
    [MemberData(nameof(SmallFloats))]
    public void EveryCodeIsTheNumberThatItsFieldsSay(DType dtype, int bits, int mantissaBits, int bias, bool infinities)
    {
        float[] values = Decode(dtype, AllCodes(bits));
        for (int code = 0; code < values.Length; code++)
        {
            double expected = ByFields(code, bits, mantissaBits, bias, infinities);
            Assert.Equal(BitConverter.DoubleToInt64Bits(expected) < 0, float.IsNegative(values[code]));
            Assert.True(double.IsNaN(expected) ? float.IsNaN(values[code]) : expected == values[code], $"{code:X}: {values[code]}, not {expected}");
        }
    }

    [Fact]
    public void F16IsTheFrameworksHalf_AndBF16TheUpperHalfOfASingle()
    {
        float[] half = Decode(DType.F16, AllCodes(16)), brain = Decode(DType.BF16, AllCodes(16));
        for (int code = 0; code < half.Length; code++)
        {
            float expected = (float)BitConverter.UInt16BitsToHalf((ushort)code);
            Assert.True(expected.Equals(half[code]), $"F16 {code:X}");
            int bits = code << 16;
            Assert.Equal(float.IsNaN(BitConverter.Int32BitsToSingle(bits)) ? bits | 0x40_0000 : bits, BitConverter.SingleToInt32Bits(brain[code]));
        }
    }

    [Theory]
    [MemberData(nameof(SmallFloats))]
    public void EveryCodeComesBack(DType dtype, int bits, int mantissaBits, int bias, bool infinities)
    {
        int[] codes = AllCodes(bits);
        int[] again = Encode(dtype, Decode(dtype, codes));
        for (int code = 0; code < codes.Length; code++)
        {
            bool isNaN = double.IsNaN(ByFields(code, bits, mantissaBits, bias, infinities));
            // A signalling NaN becomes a quiet one, its payload stays.
            int expected = isNaN && infinities ? code | 1 << (mantissaBits - 1) : code;
            Assert.True(expected == again[code], $"{code:X} came back as {again[code]:X}");
        }
    }

    /// <summary>
    /// Around every code and every middle between two codes: the code whose number is nearest in float64, ties to the even code, and infinity (or NaN)
    /// from the middle between the largest number and what would come next on.
    /// </summary>
    [Theory]
    [MemberData(nameof(SmallFloats))]
    public void TheNearestCodeIsTaken_OfTwoTheEvenOne(DType dtype, int bits, int mantissaBits, int bias, bool infinities)
    {
        int largest = Enumerable.Range(0, 1 << (bits - 1)).Last(c => double.IsFinite(ByFields(c, bits, mantissaBits, bias, infinities)));
        var numbers = new List<float>();
        var expected = new List<int>();
        for (int code = 0; code <= largest; code++)
        {
            double low = ByFields(code, bits, mantissaBits, bias, infinities);
            // Beyond the largest number the next one as if the exponent went on.
            double high = code < largest
                ? ByFields(code + 1, bits, mantissaBits, bias, infinities)
                : low + (low - ByFields(code - 1, bits, mantissaBits, bias, infinities));
            double middle = (low + high) / 2;
            int next = code + 1;
            Add((float)low, code);
            Add((float)middle, (code & 1) == 0 ? code : next);
            Add(MathF.BitDecrement((float)middle), code);
            Add(MathF.BitIncrement((float)middle), next);
            Add(MathF.BitIncrement((float)low), code);
            if (high <= float.MaxValue)
            {
                Add(MathF.BitDecrement((float)high), next);
            }
        }

        Add(float.PositiveInfinity, largest + 1);
        Add(float.MaxValue, largest + 1);
        Add(float.Epsilon, 0);
        int[] codes = Encode(dtype, [.. numbers]);
        int[] negative = Encode(dtype, [.. numbers.Select(n => -n)]);
        for (int i = 0; i < codes.Length; i++)
        {
            Assert.True(expected[i] == codes[i], $"{numbers[i]:R} became {codes[i]:X}, not {expected[i]:X}");
            Assert.Equal(codes[i] | 1 << (bits - 1), negative[i]);
        }

        void Add(float number, int code)
        {
            numbers.Add(number);
            expected.Add(code);
        }
    }

    [Fact]
    public void F16FromRandomBitsIsAsTheFrameworkRounds()
    {
        float[] numbers = MemoryMarshal.Cast<byte, float>(RawFiles.Noise(4 << 20, 7)).ToArray();
        int[] codes = Encode(DType.F16, numbers);
        for (int i = 0; i < numbers.Length; i++)
        {
            Half expected = (Half)numbers[i];
            Half actual = BitConverter.UInt16BitsToHalf((ushort)codes[i]);
            Assert.True(Half.IsNaN(expected) ? Half.IsNaN(actual) : BitConverter.HalfToUInt16Bits(expected) == codes[i], $"{numbers[i]:R}");
        }
    }

    [Fact]
    public void F64IsRoundedAsACastRounds_AndWidenedExactly()
    {
        double[] numbers =
        [
            0, -0.0, 1, 1 + Math.Pow(2, -24), 1 + (3 * Math.Pow(2, -24)), 1 + Math.Pow(2, -24) + Math.Pow(2, -52), double.Epsilon, -double.Epsilon,
            1.4e-45, 0.7e-45, 0.70064923216240854e-45, 3.4028235677973366e38, 3.4028234663852886e38, 1e300, -1e300, double.NaN, double.NegativeInfinity,
            .. MemoryMarshal.Cast<byte, double>(RawFiles.Noise(8 * 1001, 3)),
        ];
        float[] singles = new float[numbers.Length];
        TensorConversion.ToSingle(DType.F64, MemoryMarshal.AsBytes(numbers.AsSpan()), singles);
        Assert.Equal(numbers.Select(n => (float)n), singles);
        double[] back = new double[numbers.Length];
        TensorConversion.FromSingle(DType.F64, singles, MemoryMarshal.AsBytes(back.AsSpan()));
        Assert.Equal(singles.Select(n => (double)n), back);
    }

    [Fact]
    public void EveryLengthAndPlaceIsTheSameAsOneByOne()
    {
        float[] numbers = MemoryMarshal.Cast<byte, float>(RawFiles.Noise(4 * 150, 5)).ToArray();
        foreach (DType dtype in Enum.GetValues<DType>().Where(TensorConversion.IsSupported))
        {
            int size = dtype.Bytes();
            byte[] one = new byte[numbers.Length * size];
            float[] oneBack = new float[numbers.Length];
            for (int i = 0; i < numbers.Length; i++)
            {
                TensorConversion.FromSingle(dtype, numbers.AsSpan(i, 1), one.AsSpan(i * size, size));
                TensorConversion.ToSingle(dtype, one.AsSpan(i * size, size), oneBack.AsSpan(i, 1));
            }

            for (int length = 0; length <= numbers.Length; length++)
            {
                // From an odd address, and not a byte further than asked.
                byte[] all = new byte[(length * size) + 2];
                TensorConversion.FromSingle(dtype, numbers.AsSpan(0, length), all.AsSpan(1, length * size));
                Assert.Equal([0, .. one.AsSpan(0, length * size), 0], all);
                float[] back = new float[length + 1];
                TensorConversion.ToSingle(dtype, all.AsSpan(1, length * size), back.AsSpan(0, length));
                Assert.Equal<float>([.. oneBack.AsSpan(0, length), 0], back);
            }
        }
    }

    [Fact]
    public void OtherTypesAndLengthsAreRefused()
    {
        foreach (DType dtype in Enum.GetValues<DType>().Where(d => !TensorConversion.IsSupported(d)))
        {
            Assert.Throws<NotSupportedException>(() => TensorConversion.ToSingle(dtype, new byte[8], new float[1]));
            Assert.Throws<NotSupportedException>(() => TensorConversion.FromSingle(dtype, new float[1], new byte[8]));
        }

        Assert.Throws<ArgumentException>(() => TensorConversion.ToSingle(DType.F16, new byte[3], new float[1]));
        Assert.Throws<ArgumentException>(() => TensorConversion.FromSingle(DType.F32, new float[2], new byte[4]));
    }

    private static int[] AllCodes(int bits) => [.. Enumerable.Range(0, 1 << bits)];

    private static float[] Decode(DType dtype, int[] codes)
    {
        byte[] bytes = [.. codes.SelectMany(c => BitConverter.GetBytes(c).Take(dtype.Bytes()))];
        float[] values = new float[codes.Length];
        TensorConversion.ToSingle(dtype, bytes, values);
        return values;
    }

    private static int[] Encode(DType dtype, float[] values)
    {
        byte[] bytes = new byte[values.Length * dtype.Bytes()];
        TensorConversion.FromSingle(dtype, values, bytes);
        return [.. values.Select((_, i) => dtype.Bytes() == 1 ? bytes[i] : BitConverter.ToUInt16(bytes, 2 * i))];
    }

    private static double ByFields(int code, int bits, int mantissaBits, int bias, bool infinities)
    {
        int exponentBits = bits - 1 - mantissaBits;
        int exponent = code >> mantissaBits & ((1 << exponentBits) - 1), mantissa = code & ((1 << mantissaBits) - 1);
        double sign = code >> (bits - 1) == 0 ? 1 : -1;
        bool top = exponent == (1 << exponentBits) - 1;
        if (top && (infinities || mantissa == (1 << mantissaBits) - 1))
        {
            return mantissa == 0 ? sign * double.PositiveInfinity : Math.CopySign(double.NaN, sign);
        }

        double fraction = mantissa / (double)(1 << mantissaBits);
        return exponent == 0 ? sign * fraction * Math.Pow(2, 1 - bias) : sign * (1 + fraction) * Math.Pow(2, exponent - bias);
    }
}
