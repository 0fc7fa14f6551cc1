using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace BiMaskGen.Runtime.Tests.Checkpoints;

/// <summary>A tensor as a reference reader finds it.</summary>
internal sealed record RawTensor(string DType, long[] Shape, byte[] Data);

/// <summary>What a reference reader finds in a file.</summary>
internal sealed record RawFile(Dictionary<string, RawTensor> Tensors, Dictionary<string, string> Metadata);

/// <summary>Readers that follow the formats' descriptions step by step, written without looking at the code under test.</summary>
internal static partial class ReferenceReaders
{
    private static readonly Dictionary<string, int> s_bits = new[]
    {
        "4 F4", "6 F6_E2M3 F6_E3M2", "8 BOOL U8 I8 F8_E5M2 F8_E4M3 F8_E8M0 F8_E4M3FNUZ F8_E5M2FNUZ", "16 I16 U16 F16 BF16", "32 I32 U32 F32",
        "64 C64 F64 I64 U64",
    }.Select(line => line.Split(' ')).SelectMany(words => words[1..].Select(name => (name, int.Parse(words[0])))).ToDictionary();

    /// <summary>By torch's numbers; empty where it has another type.</summary>
    private static readonly string[] s_torchTypes =
        ["U8", "I8", "I16", "I32", "I64", "F16", "F32", "F64", "", "C64", "", "BOOL", "", "", "", "BF16"];

    /// <summary>Reads a safetensors file; null if it is none.</summary>
    public static RawFile? SafeTensors(byte[] file)
    {
        if (file.Length < 8 || BitConverter.ToUInt64(file) is var length && (length > 100_000_000 || length > (ulong)file.Length - 8))
        {
            return null;
        }

        byte[] header = file[8..(8 + (int)length)], data = file[(8 + (int)length)..];
        try
        {
            string text = new UTF8Encoding(false, true).GetString(header);
            if (!text.StartsWith('{'))
            {
                return null;
            }

            using JsonDocument json = JsonDocument.Parse(text);
            return Build(json.RootElement, data);
        }
        catch (Exception e) when (e is JsonException or DecoderFallbackException or InvalidOperationException or FormatException or OverflowException or KeyNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Reads a file of TorchSharp's; null if it is none.</summary>
    public static RawFile? Dat(byte[] bytes)
    {
        var result = new RawFile([], []);
        using var reader = new BinaryReader(new MemoryStream(bytes), new UTF8Encoding(false, true));
        try
        {
            for (BigInteger left = Number(); left > 0; left--)
            {
                BigInteger length = Number();
                if (length > bytes.Length)
                {
                    return null;
                }

                byte[] name = reader.ReadBytes((int)length);
                string key = new UTF8Encoding(false, true).GetString(name);
                BigInteger number = Number();
                string dtype = number < s_torchTypes.Length ? s_torchTypes[(int)number] : "";
                if (dtype == "")
                {
                    return null;
                }

                BigInteger rank = Number();
                if (rank > 64)
                {
                    return null;
                }

                long[] shape = new long[(int)rank];
                for (int i = 0; i < shape.Length; i++)
                {
                    shape[i] = (long)Number();
                }

                BigInteger size = Size(dtype, shape);
                if (name.Length != length || size > bytes.Length || !Fits(dtype, shape))
                {
                    return null;
                }

                byte[] data = reader.ReadBytes((int)size);
                if (data.Length != size || !result.Tensors.TryAdd(key, new RawTensor(dtype, shape, data)))
                {
                    return null;
                }
            }

            return reader.BaseStream.Position == bytes.Length ? result : null;
        }
        catch (Exception e) when (e is EndOfStreamException or OverflowException or DecoderFallbackException)
        {
            return null;
        }

        // LEB128 of at most 63 bits, in at most nine bytes.
        BigInteger Number()
        {
            BigInteger value = 0;
            for (int i = 0; i < 9; i++)
            {
                byte part = reader.ReadByte();
                value += (BigInteger)(part % 128) << (7 * i);
                if (part < 128)
                {
                    return value;
                }
            }

            throw new OverflowException();
        }
    }

    private static RawFile? Build(JsonElement header, byte[] data)
    {
        var result = new RawFile([], []);
        var ranges = new List<(long Begin, long End)>();
        var names = new HashSet<string>();
        foreach (JsonProperty property in header.EnumerateObject())
        {
            if (!names.Add(property.Name))
            {
                return null;
            }

            if (property.Name == "__metadata__")
            {
                foreach (JsonProperty text in property.Value.EnumerateObject())
                {
                    if (text.Value.ValueKind != JsonValueKind.String || !result.Metadata.TryAdd(text.Name, text.Value.GetString()!))
                    {
                        return null;
                    }
                }

                continue;
            }

            JsonProperty[] fields = [.. property.Value.EnumerateObject()];
            if (!fields.Select(f => f.Name).Order().SequenceEqual(["data_offsets", "dtype", "shape"]))
            {
                return null;
            }

            string dtype = property.Value.GetProperty("dtype").GetString() ?? "";
            long[] shape = Integers(property.Value.GetProperty("shape")), offsets = Integers(property.Value.GetProperty("data_offsets"));
            if (!s_bits.ContainsKey(dtype) || shape.Length > 64 || offsets.Length != 2 || !Fits(dtype, shape)
                || offsets[1] > data.Length || offsets[1] - offsets[0] != Size(dtype, shape))
            {
                return null;
            }

            ranges.Add((offsets[0], offsets[1]));
            result.Tensors.Add(property.Name, new RawTensor(dtype, shape, data[(int)offsets[0]..(int)offsets[1]]));
        }

        // Without gaps and overlaps from the first byte to the last.
        ranges.Sort();
        long[] ends = [0, .. ranges.Select(r => r.End)];
        return ranges.Select(r => r.Begin).SequenceEqual(ends[..^1]) && ends[^1] == data.Length ? result : null;
    }

    private static long[] Integers(JsonElement array) => [.. array.EnumerateArray().Select(e =>
        PlainInteger().IsMatch(e.GetRawText()) ? long.Parse(e.GetRawText(), CultureInfo.InvariantCulture) : throw new FormatException())];

    private static BigInteger Size(string dtype, long[] shape) => shape.Aggregate((BigInteger)s_bits[dtype], (product, dimension) => product * dimension) / 8;

    private static bool Fits(string dtype, long[] shape)
    {
        BigInteger bits = shape.Aggregate((BigInteger)s_bits[dtype], (product, dimension) => product * dimension);
        return bits <= long.MaxValue && bits % 8 == 0;
    }

    [GeneratedRegex("^[0-9]{1,19}$")]
    private static partial Regex PlainInteger();
}
