namespace BiMaskGen.Checkpoints;

/// <summary>Copies checkpoints from one format into another, tensor by tensor and bit by bit.</summary>
public static class CheckpointConversion
{
    /// <summary>Writes all tensors of a checkpoint as safetensors.</summary>
    /// <param name="source">An open checkpoint of any format.</param>
    /// <param name="path">The file to write.</param>
    /// <param name="durable">Whether to wait for the disk.</param>
    /// <exception cref="NMSparseCheckpointException">The format cannot take the checkpoint.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void ToSafeTensors(TensorFile source, string path, bool durable = true)
    {
        ArgumentNullException.ThrowIfNull(source);
        using SafeTensorsWriter writer = SafeTensorsWriter.Create(path, source.Tensors, source.Metadata, durable);
        Copy(source, writer);
    }

    /// <summary>Writes all tensors of a checkpoint as a file of TorchSharp's, which has no place for metadata: those are dropped.</summary>
    /// <param name="source">An open checkpoint of any format.</param>
    /// <param name="path">The file to write.</param>
    /// <param name="durable">Whether to wait for the disk.</param>
    /// <exception cref="NMSparseCheckpointException">The format cannot take the checkpoint.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void ToDat(TensorFile source, string path, bool durable = true)
    {
        ArgumentNullException.ThrowIfNull(source);
        using DatWriter writer = DatWriter.Create(path, source.Tensors, durable);
        Copy(source, writer);
    }

    private static void Copy(TensorFile source, TensorFileWriter writer)
    {
        foreach (TensorInfo tensor in source.Tensors)
        {
            writer.Write(tensor.Name, source.View(tensor.Name));
        }

        writer.Commit();
    }
}
