using System.CommandLine;
using BiMaskGen.Tool.Output;

namespace BiMaskGen.Tool.Verbs;

/// <summary><c>bimask convert</c>: between the formats of checkpoints.</summary>
internal static class ConvertVerb
{
    public static Command Create()
    {
        Argument<FileInfo> input = Verb.File("checkpoint", "The checkpoint: safetensors, TorchSharp's .dat, packed, or sparse-24-bitmask.");
        Option<FileInfo> output = Verb.Output("The file to write; its ending says the format unless --to does: .safetensors, .dat, .nms.safetensors.");
        Option<CheckpointFormat?> to = new("--to")
        {
            Description = "The format to write: safetensors, dat, packed (from sparse-24-bitmask), bitmask24 (from packed).",
            CustomParser = r => Converter.ParseFormat(r),
        };
        to.CompletionSources.Add(Converter.FormatNames);
        return Verb.Create(
            "convert",
            "Copy a checkpoint into another format, bit by bit.",
            [input, output, to],
            (r, _, _) => Converter.Run(r.GetRequiredValue(input).FullName, r.GetRequiredValue(output).FullName, r.GetValue(to)),
            (r, shell) => shell.Text.WriteLine($"{r.Input} ({r.From}, {Tables.Bytes(r.InputBytes)}) -> {r.Output} ({r.To}, {Tables.Bytes(r.OutputBytes)})"));
    }
}
