using System.CommandLine;
using BiMaskGen.Checkpoints;
using BiMaskGen.Tool.Output;
using Spectre.Console;

namespace BiMaskGen.Tool.Verbs;

/// <summary><c>bimask verify</c>: a packed checkpoint against the dense one that it was made from.</summary>
internal static class VerifyVerb
{
    /// <summary>How the tensors compare.</summary>
    internal sealed record VerifyResult(string Packed, string Dense, bool Same, IReadOnlyList<TensorVerification> Tensors);

    public static Command Create()
    {
        Argument<FileInfo> packed = Verb.File("packed", "The packed checkpoint.");
        Argument<FileInfo> dense = Verb.File("dense", "The dense checkpoint that it was made from.");
        return Verb.Create(
            "verify",
            "Compare a packed checkpoint with the dense one that it was made from, bit by bit; exit code 3 if they differ.",
            [packed, dense],
            (r, shell, cancellation) => Run(r.GetRequiredValue(packed).FullName, r.GetRequiredValue(dense).FullName),
            Show,
            r => r.Same ? ExitCodes.Done : ExitCodes.Different);
    }

    private static VerifyResult Run(string packedPath, string densePath)
    {
        using PackedCheckpoint packed = PackedCheckpoint.Open(packedPath);
        using TensorFile dense = TensorFile.Open(densePath);
        List<TensorVerification> tensors = [.. packed.Verify(dense)];
        HashSet<string> there = [.. tensors.Select(t => t.Name)];
        tensors.AddRange(dense.Tensors.Where(t => !there.Contains(t.Name)).Select(t => new TensorVerification(t.Name, false, 0, "the packed checkpoint lacks it.")));
        return new VerifyResult(packedPath, densePath, tensors.TrueForAll(t => t.Problem is null), tensors);
    }

    private static void Show(VerifyResult result, Shell shell)
    {
        Table table = Tables.Create("tensor", "stored", ">kept values changed", "problem");
        foreach (TensorVerification tensor in result.Tensors)
        {
            table.Row(tensor.Name, tensor.IsPacked ? "packed" : "as it is", tensor.IsPacked ? tensor.ChangedValues.ToString() : "", tensor.Problem ?? "");
        }

        shell.Results.Write(table);
        shell.Text.WriteLine(result.Same ? "The packed checkpoint holds what the dense one does." : "They differ.");
    }
}
