using System.Text;

namespace BiMaskGen.Checkpoints;

/// <summary>Writes files that TorchSharp's <c>Module.load</c> reads, in the order in which the tensors are declared.</summary>
public sealed class DatWriter : TensorFileWriter
{
    private DatWriter(string path, TensorFileLayout layout, bool durable)
        : base(path, layout, durable)
    {
    }

    /// <summary>Begins a file.</summary>
    /// <param name="path">The file; what is there stays until <see cref="TensorFileWriter.Commit"/>.</param>
    /// <param name="tensors">All tensors that it will hold.</param>
    /// <param name="durable">Whether <see cref="TensorFileWriter.Commit"/> waits for the disk.</param>
    /// <returns>The open draft; without a <c>Commit</c> it leaves nothing behind.</returns>
    /// <exception cref="NMSparseCheckpointException">Two tensors of one name, or an element type that TorchSharp does not have.</exception>
    /// <exception cref="IOException">The file cannot be made, or the disk has no room for it.</exception>
    public static DatWriter Create(string path, IEnumerable<TensorInfo> tensors, bool durable = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(tensors);
        List<TensorInfo> all = [.. tensors];
        TensorFileLayout.CheckNames(path, all);
        var layout = new TensorFileLayout();
        layout.Add(Bytes(w => w.Write7BitEncodedInt64(all.Count)));
        foreach (TensorInfo tensor in all)
        {
            int number = DatTypes.NumberOf(tensor.DType);
            if (number < 0)
            {
                throw new NMSparseCheckpointException(
                    path, tensor.Name, $"TorchSharp's files cannot hold {tensor.DType.Name()}: write safetensors, or convert the tensor.");
            }

            layout.Add(Bytes(w => WriteHead(w, tensor, number)));
            layout.Add(tensor);
        }

        return new DatWriter(path, layout, durable);
    }

    // The 7-bit integers of BinaryWriter are LEB128.
    private static void WriteHead(BinaryWriter writer, TensorInfo tensor, int number)
    {
        writer.Write(tensor.Name);
        writer.Write7BitEncodedInt64(number);
        writer.Write7BitEncodedInt64(tensor.Shape.Length);
        foreach (long dimension in tensor.Shape)
        {
            writer.Write7BitEncodedInt64(dimension);
        }
    }

    private static byte[] Bytes(Action<BinaryWriter> write)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        write(writer);
        writer.Flush();
        return stream.ToArray();
    }
}
