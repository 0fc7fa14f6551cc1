using System.CommandLine;
using BiMaskGen.Checkpoints;
using BiMaskGen.Tool.Output;

namespace BiMaskGen.Tool.Verbs;

/// <summary><c>bimask densify</c>: a packed checkpoint back to a dense one.</summary>
internal static class DensifyVerb
{
    public static Command Create()
    {
        Argument<FileInfo> input = Verb.File("packed", "The packed checkpoint.");
        Option<FileInfo> output = Verb.Output("The dense checkpoint to write: .safetensors or .dat.");
        return Verb.Create(
            "densify",
            "Write a packed checkpoint dense: pruned weights as zeros, all others bit by bit.",
            [input, output],
            (r, _, _) => Converter.Run(r.GetRequiredValue(input).FullName, r.GetRequiredValue(output).FullName, null),
            (r, shell) => shell.Text.WriteLine($"{r.Output}: {Tables.Bytes(r.OutputBytes)}"));
    }
}
