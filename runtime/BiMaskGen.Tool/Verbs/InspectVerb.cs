using System.CommandLine;
using BiMaskGen.Checkpoints;
using BiMaskGen.Tool.Inspecting;
using BiMaskGen.Tool.Output;
using Spectre.Console;

namespace BiMaskGen.Tool.Verbs;

/// <summary><c>bimask inspect</c>: what a checkpoint holds, and what of it is sparse already.</summary>
internal static class InspectVerb
{
    public static Command Create()
    {
        Argument<FileInfo> input = Verb.File("checkpoint", "A checkpoint of any kind.");
        return Verb.Create(
            "inspect",
            "List a checkpoint's layers, patterns and sizes; tell of dense tensors whether they are N:M already, and along which axis.",
            [input],
            (r, shell, cancellation) => Inspector.Run(r.GetRequiredValue(input).FullName, shell, cancellation),
            Show);
    }

    private static void Show(InspectResult result, Shell shell)
    {
        shell.Text.WriteLine($"{result.Path}: {result.Format}, {Tables.Bytes(result.FileBytes)}");
        foreach ((string key, string value) in result.Metadata)
        {
            shell.Text.WriteLine($"  {key}: {value}");
        }

        if (result.Layers.Count > 0)
        {
            Table layers = Tables.Create("layer", "pattern", ">shape", "type", "method", "chosen by", "rows", "channels", ">packed / dense");
            foreach (PackedResult layer in result.Layers)
            {
                layers.Row(
                    layer.Key, layer.Pattern.ToString(), $"{layer.OutFeatures} x {layer.InFeatures}", layer.DType, layer.Method.ToString(), layer.Score.ToString(),
                    layer.RowPermutation ? "permuted" : "", layer.ChannelOrder ? "reordered" : "", Tables.Percent((double)layer.PackedBytes / layer.DenseBytes));
            }

            shell.Results.Write(layers);
        }

        Table tensors = Tables.Create("tensor", "type", ">shape", ">size", ">zeros", "sparse along in_features", "along out_features");
        foreach (TensorResult tensor in result.Tensors)
        {
            tensors.Row(
                tensor.Key, tensor.DType, string.Join(" x ", tensor.Shape), Tables.Bytes(tensor.Bytes), Tables.Percent(tensor.Zeros),
                tensor.AlongInFeatures?.ToString() ?? "", tensor.AlongOutFeatures?.ToString() ?? "");
        }

        shell.Results.Write(tensors);
    }
}
