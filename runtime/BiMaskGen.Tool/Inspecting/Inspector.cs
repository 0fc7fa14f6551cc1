using BiMaskGen.Checkpoints;
using BiMaskGen.Tool.Output;
using BiMaskGen.Tool.Verbs;

namespace BiMaskGen.Tool.Inspecting;

/// <summary>Reads what a checkpoint holds, tensor by tensor.</summary>
internal static class Inspector
{
    public static InspectResult Run(string path, Shell shell, CancellationToken cancellation)
    {
        using TensorFile file = TensorFile.Open(path);
        CheckpointFormat format = Converter.FormatOf(file);
        using PackedCheckpoint? packed = format == CheckpointFormat.Packed ? PackedCheckpoint.Open(path) : null;
        IReadOnlyList<TensorInfo> tensors = packed?.DenseTensors ?? file.Tensors;
        TensorResult[] results = shell.Progress("inspect", tensors.Count, step => (TensorResult[])[.. tensors.Select(tensor =>
        {
            cancellation.ThrowIfCancellationRequested();
            TensorResult result = Tensor(tensor, file.View(tensor.Name));
            step(tensor.Name);
            return result;
        })]);
        return new InspectResult(
            path, format, new FileInfo(path).Length, packed?.Metadata ?? file.Metadata, [.. (packed?.Layers ?? []).Select(Layer)], results);
    }

    private static PackedResult Layer(PackedLayerInfo l) => new(
        l.Name, l.Pattern, l.OutFeatures, l.InFeatures, l.DType.Name(), l.Method, l.Score, l.HasRowPermutation, l.HasChannelOrder,
        l.ValueBytes + l.IndexBytes, l.DenseBytes);

    private static TensorResult Tensor(TensorInfo tensor, TensorView view)
    {
        PatternScan? scan = PatternScan.Of(tensor, view);
        return new TensorResult(
            tensor.Name, tensor.DType.Name(), tensor.Shape, tensor.ByteLength, scan?.Zeros, scan?.AlongColumns, scan?.AlongRows);
    }
}
