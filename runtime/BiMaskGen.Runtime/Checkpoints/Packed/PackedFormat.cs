using System.Text.Json;
using System.Text.Json.Serialization;

namespace BiMaskGen.Checkpoints;

/// <summary>The keys of the packed format, docs/format.md: a safetensors file in which some tensors stand for one packed layer.</summary>
internal static class PackedFormat
{
    public const string Name = "bimaskgen.packed";
    public const string Version = "1";

    public const string NameKey = Prefix + "format";
    public const string VersionKey = Prefix + "version";
    public const string LayerPrefix = Prefix + "layer.";

    /// <summary>What all of the format's own metadata begin with.</summary>
    public const string Prefix = "nms.";

    /// <summary>What stands between a layer's name and the name of one of its parts.</summary>
    public const string PartMark = ".nms.";

    public const string Values = "values";
    public const string Indices = "indices";
    public const string RowPermutation = "permutation";
    public const string ChannelOrder = "channels";
    public const string Hashes = "sha256";

    /// <summary>The key of a part of a layer.</summary>
    public static string Key(string layer, string part) => $"{layer}{PartMark}{part}";

    /// <summary>The tensors that a layer is stored as.</summary>
    public static List<TensorInfo> Parts(PackedLayerInfo layer)
    {
        List<TensorInfo> parts =
        [
            new(Key(layer.Name, Values), layer.DType, layer.OutFeatures, layer.KeptPerRow),
            new(Key(layer.Name, Indices), DType.U8, layer.OutFeatures, layer.IndexBytesPerRow),
            new(Key(layer.Name, Hashes), DType.U8, LayerDigest.Hashes, LayerDigest.Bytes),
        ];
        if (layer.HasRowPermutation)
        {
            parts.Add(new(Key(layer.Name, RowPermutation), DType.I32, layer.OutFeatures));
        }

        if (layer.HasChannelOrder)
        {
            parts.Add(new(Key(layer.Name, ChannelOrder), DType.I32, layer.InFeatures));
        }

        return parts;
    }

    /// <summary>The metadata value that describes a layer.</summary>
    public static string Describe(PackedLayerInfo layer) => JsonSerializer.Serialize(
        new LayerRecord
        {
            Shape = [layer.OutFeatures, layer.InFeatures],
            Pattern = layer.Pattern.ToString(),
            Method = layer.Method.ToString(),
            Score = layer.Score.ToString(),
        },
        PackedFormatJson.Default.LayerRecord);

    /// <summary>Reads the metadata value that describes a layer; type and permutations are known from its parts.</summary>
    /// <returns>The layer, or what is wrong.</returns>
    public static (PackedLayerInfo? Layer, string? Problem) Parse(string name, string description)
    {
        LayerRecord? record;
        try
        {
            record = JsonSerializer.Deserialize(description, PackedFormatJson.Default.LayerRecord);
        }
        catch (JsonException e)
        {
            return (null, $"its description is not as the format wants it: {e.Message}");
        }

        if (record is not { Shape.Length: 2 })
        {
            return (null, "its shape is not [out_features, in_features].");
        }

        if (!TryParsePattern(record.Pattern, out NMPattern pattern))
        {
            return (null, $"the pattern '{NMSparseCheckpointException.Shown(record.Pattern)}' is none with 1 <= N < M <= {NMPattern.MaxM}.");
        }

        if (!TryParseName(record.Method, out SparseMethod method))
        {
            return (null, $"the method '{NMSparseCheckpointException.Shown(record.Method)}' is unknown; a later version of BiMaskGen may know it.");
        }

        if (!TryParseName(record.Score, out KeptScore score))
        {
            return (null, $"the score '{NMSparseCheckpointException.Shown(record.Score)}' is unknown; a later version of BiMaskGen may know it.");
        }

        return (new PackedLayerInfo
        {
            Name = name,
            DType = default,
            OutFeatures = record.Shape[0],
            InFeatures = record.Shape[1],
            Pattern = pattern,
            Method = method,
            Score = score,
        }, null);
    }

    private static bool TryParsePattern(string text, out NMPattern pattern)
    {
        pattern = default;
        string[] numbers = text.Split(':');
        if (numbers.Length == 2 && int.TryParse(numbers[0], out int n) && int.TryParse(numbers[1], out int m) && NMPattern.IsValid(n, m))
        {
            pattern = new NMPattern(n, m);
        }

        // Only the one way of writing it.
        return pattern.ToString() == text && pattern != default;
    }

    // Enum.TryParse alone would take numbers and lists too.
    private static bool TryParseName<T>(string text, out T value)
        where T : struct, Enum => Enum.TryParse(text, out value) && Enum.IsDefined(value) && value.ToString() == text;
}

/// <summary>A layer in the metadata.</summary>
internal sealed class LayerRecord
{
    public required int[] Shape { get; init; }

    public required string Pattern { get; init; }

    public required string Method { get; init; }

    public required string Score { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(LayerRecord))]
internal sealed partial class PackedFormatJson : JsonSerializerContext;
