using BiMaskGen.Kernels.Cuda;

namespace BiMaskGen.Tool.GpuCheck;

/// <summary>Rows quantised by what the codes mean, and not by how a kernel gets them: the nearest of all numbers that there are.</summary>
internal static class QuantizedReference
{
    private const int LargestE4M3 = 0x7E;

    private static readonly float[] s_e4m3 = [.. Enumerable.Range(0, LargestE4M3 + 1).Select(code => E4M3((byte)code))];

    /// <summary>Quantises each row by its largest entry.</summary>
    /// <param name="type">int8 or e4m3.</param>
    /// <param name="values">[rows, columns].</param>
    /// <param name="columns">Columns.</param>
    /// <returns>The codes, and the scale of each row; NaN, with codes 0, for a row that holds NaN or infinity.</returns>
    public static (byte[] Codes, float[] Scales) Rows(CudaType type, float[] values, int columns)
    {
        byte[] codes = new byte[values.Length];
        float[] scales = new float[columns == 0 ? 0 : values.Length / columns];
        float limit = type == CudaType.I8 ? 127 : 448;
        for (int row = 0; row < scales.Length; row++)
        {
            ReadOnlySpan<float> entries = values.AsSpan(row * columns, columns);
            float largest = 0;
            foreach (float entry in entries)
            {
                largest = float.IsFinite(entry) && float.IsFinite(largest) ? Math.Max(largest, Math.Abs(entry)) : float.NaN;
            }

            scales[row] = largest / limit;
            float inverse = Math.Min(limit / largest, float.MaxValue);
            for (int i = 0; i < columns && !float.IsNaN(largest); i++)
            {
                codes[(row * columns) + i] = type == CudaType.I8 ? (byte)(sbyte)Math.Round(entries[i] * inverse, MidpointRounding.ToEven) : NearestE4M3(entries[i] * inverse);
            }
        }

        return (codes, scales);
    }

    /// <summary>The number that a code stands for.</summary>
    public static float Value(CudaType type, byte code) => type == CudaType.I8 ? (sbyte)code : E4M3(code);

    // A sign, four bits of exponent with the bias 7, three of mantissa; no infinity, and all ones is NaN.
    private static float E4M3(byte code)
    {
        int exponent = code >> 3 & 15, mantissa = code & 7;
        float magnitude = (code & 0x7F) == 0x7F ? float.NaN
            : exponent == 0 ? MathF.ScaleB(mantissa, -9)
            : MathF.ScaleB(8 + mantissa, exponent - 10);
        return code < 0x80 ? magnitude : -magnitude;
    }

    private static byte NearestE4M3(float value)
    {
        double magnitude = Math.Abs((double)value);
        int best = 0;
        for (int code = 1; code <= LargestE4M3; code++)
        {
            double gain = Math.Abs(s_e4m3[best] - magnitude) - Math.Abs(s_e4m3[code] - magnitude);
            best = gain > 0 || (gain == 0 && code % 2 == 0) ? code : best;
        }

        return (byte)(best | (float.IsNegative(value) ? 0x80 : 0));
    }
}
