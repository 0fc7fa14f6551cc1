using System.CommandLine.Parsing;
using BiMaskGen.Checkpoints;

namespace BiMaskGen.Tool.Verbs;

/// <summary>The formats of checkpoints.</summary>
internal enum CheckpointFormat
{
    /// <summary>safetensors, all tensors dense.</summary>
    SafeTensors,

    /// <summary>TorchSharp's own.</summary>
    Dat,

    /// <summary>Ours, docs/format.md.</summary>
    Packed,

    /// <summary>sparse-24-bitmask of compressed-tensors.</summary>
    Bitmask24,
}

/// <summary>What was converted.</summary>
internal sealed record ConvertResult(string Input, CheckpointFormat From, long InputBytes, string Output, CheckpointFormat To, long OutputBytes);

/// <summary>Copies checkpoints from one format into another.</summary>
internal static class Converter
{
    private const string PackedEnding = ".nms.safetensors";

    private static readonly Dictionary<string, CheckpointFormat> s_names =
        Enum.GetValues<CheckpointFormat>().ToDictionary(f => f.ToString().ToLowerInvariant());

    public static string[] FormatNames => [.. s_names.Keys];

    public static CheckpointFormat? ParseFormat(ArgumentResult result)
    {
        string name = result.Tokens[0].Value;
        if (s_names.TryGetValue(name, out CheckpointFormat format))
        {
            return format;
        }

        result.AddError($"--to {name}: expected {string.Join(", ", FormatNames)}.");
        return null;
    }

    /// <summary>The format of an open checkpoint.</summary>
    public static CheckpointFormat FormatOf(TensorFile file) =>
        file is DatFile ? CheckpointFormat.Dat
        : PackedCheckpoint.IsPacked(file) ? CheckpointFormat.Packed
        : Sparse24Bitmask.IsUsedIn(file) ? CheckpointFormat.Bitmask24
        : CheckpointFormat.SafeTensors;

    /// <exception cref="NMSparseException">There is no such conversion, or the checkpoint does not fit it.</exception>
    public static ConvertResult Run(string input, string output, CheckpointFormat? wanted)
    {
        CheckpointFormat from;
        CheckpointFormat to = wanted ?? FormatOf(output);
        using (TensorFile source = TensorFile.Open(input))
        {
            from = FormatOf(source);
            switch (from, to)
            {
                case (CheckpointFormat.SafeTensors or CheckpointFormat.Dat, CheckpointFormat.SafeTensors):
                    CheckpointConversion.ToSafeTensors(source, output);
                    break;
                case (CheckpointFormat.SafeTensors or CheckpointFormat.Dat, CheckpointFormat.Dat):
                    CheckpointConversion.ToDat(source, output);
                    break;
                case (CheckpointFormat.Bitmask24, CheckpointFormat.Packed):
                    Sparse24Bitmask.Import(source, output);
                    break;
                case (CheckpointFormat.Bitmask24, not CheckpointFormat.Bitmask24):
                    Through(output, draft => Sparse24Bitmask.Import(source, draft), draft => FromPacked(draft, output, to));
                    break;
                case (CheckpointFormat.Packed, CheckpointFormat.SafeTensors or CheckpointFormat.Dat or CheckpointFormat.Bitmask24):
                    FromPacked(input, output, to);
                    break;
                case (_, CheckpointFormat.Packed or CheckpointFormat.Bitmask24) when from is CheckpointFormat.SafeTensors or CheckpointFormat.Dat:
                    throw new NMSparseException($"{input} is dense ({from}): \"bimask sparsify\" prunes and packs it.");
                default:
                    throw new NMSparseException($"{input} is {from} already: there is nothing to convert.");
            }
        }

        return new ConvertResult(input, from, new FileInfo(input).Length, output, to, new FileInfo(output).Length);
    }

    private static CheckpointFormat FormatOf(string output) =>
        output.EndsWith(PackedEnding, StringComparison.OrdinalIgnoreCase) ? CheckpointFormat.Packed
        : Path.GetExtension(output).ToLowerInvariant() switch
        {
            ".safetensors" => CheckpointFormat.SafeTensors,
            ".dat" => CheckpointFormat.Dat,
            _ => throw new NMSparseException($"{output}: the ending says no format; use .safetensors, .dat or {PackedEnding}, or --to."),
        };

    private static void FromPacked(string input, string output, CheckpointFormat to)
    {
        using PackedCheckpoint packed = PackedCheckpoint.Open(input);
        switch (to)
        {
            case CheckpointFormat.Bitmask24:
                Sparse24Bitmask.Export(packed, output);
                break;
            case CheckpointFormat.SafeTensors:
                packed.Densify(output);
                break;
            default:
                Through(output, packed.Densify, draft =>
                {
                    using TensorFile dense = SafeTensorsFile.Open(draft);
                    CheckpointConversion.ToDat(dense, output);
                });
                break;
        }
    }

    private static void Through(string output, Action<string> first, Action<string> second)
    {
        string draft = $"{output}.{Guid.NewGuid():N}.safetensors";
        try
        {
            first(draft);
            second(draft);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    private static void Densify(this PackedCheckpoint packed, string path) => packed.Densify(path, durable: false);
}
