using System.Buffers;
using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace BiMaskGen.Checkpoints;

/// <summary>
/// Writes safetensors files. Tensors of wider elements come first, so that all data are aligned to their elements; the header is padded
/// with spaces to a multiple of eight bytes.
/// </summary>
public sealed class SafeTensorsWriter : TensorFileWriter
{
    private const int HeaderAlignment = 8;

    private SafeTensorsWriter(string path, TensorFileLayout layout, bool durable)
        : base(path, layout, durable)
    {
    }

    /// <summary>Begins a file.</summary>
    /// <param name="path">The file; what is there stays until <see cref="TensorFileWriter.Commit"/>.</param>
    /// <param name="tensors">All tensors that it will hold.</param>
    /// <param name="metadata">Text to carry beside them.</param>
    /// <param name="durable">
    /// Whether <see cref="TensorFileWriter.Commit"/> waits for the disk, so that a power failure leaves the old or the new file too. Without
    /// it only the death of the process is survived.
    /// </param>
    /// <returns>The open draft; without a <c>Commit</c> it leaves nothing behind.</returns>
    /// <exception cref="NMSparseCheckpointException">Two tensors of one name, a reserved name, or a header beyond the format's limit.</exception>
    /// <exception cref="IOException">The file cannot be made, or the disk has no room for it.</exception>
    public static SafeTensorsWriter Create(
        string path, IEnumerable<TensorInfo> tensors, IReadOnlyDictionary<string, string>? metadata = null, bool durable = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(tensors);
        List<TensorInfo> ordered = [.. tensors.OrderByDescending(t => t.DType.Bits())];
        Check(path, ordered, metadata);
        byte[] header = Header(ordered, metadata);
        if (header.Length - SafeTensorsFile.LengthBytes > SafeTensorsHeader.MaxBytes)
        {
            throw new NMSparseCheckpointException(
                path,
                null,
                $"a header of {header.Length} bytes for {ordered.Count} tensors is beyond the format's {SafeTensorsHeader.MaxBytes}: split the checkpoint.");
        }

        var layout = new TensorFileLayout();
        layout.Add(header);
        ordered.ForEach(layout.Add);
        return new SafeTensorsWriter(path, layout, durable);
    }

    private static void Check(string path, List<TensorInfo> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        TensorFileLayout.CheckNames(path, tensors);
        if (tensors.Exists(t => t.Name == SafeTensorsHeader.MetadataKey))
        {
            throw new NMSparseCheckpointException(path, SafeTensorsHeader.MetadataKey, "the format keeps this name for its metadata: rename the tensor.");
        }

        foreach ((string key, string value) in metadata ?? new Dictionary<string, string>())
        {
            if (!TensorNames.IsValid(key) || !TensorNames.IsValid(value))
            {
                throw new NMSparseCheckpointException(path, SafeTensorsHeader.MetadataKey, $"'{NMSparseCheckpointException.Shown(key)}' is no valid Unicode.");
            }
        }
    }

    /// <summary>The header with its length in front and spaces behind.</summary>
    private static byte[] Header(List<TensorInfo> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        buffer.GetSpan(SafeTensorsFile.LengthBytes)[..SafeTensorsFile.LengthBytes].Clear();
        buffer.Advance(SafeTensorsFile.LengthBytes);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            WriteMetadata(writer, metadata);
            long begin = 0;
            foreach (TensorInfo tensor in tensors)
            {
                WriteEntry(writer, tensor, begin);
                begin = checked(begin + tensor.ByteLength);
            }

            writer.WriteEndObject();
        }

        int padding = (HeaderAlignment - (buffer.WrittenCount % HeaderAlignment)) % HeaderAlignment;
        buffer.GetSpan(HeaderAlignment)[..padding].Fill((byte)' ');
        buffer.Advance(padding);
        byte[] header = buffer.WrittenSpan.ToArray();
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)(header.Length - SafeTensorsFile.LengthBytes));
        return header;
    }

    private static void WriteMetadata(Utf8JsonWriter writer, IReadOnlyDictionary<string, string>? metadata)
    {
        if (metadata is not { Count: > 0 })
        {
            return;
        }

        writer.WriteStartObject(SafeTensorsHeader.MetadataKey);

        // Ordered, so that the same content makes the same file.
        foreach ((string key, string value) in metadata.OrderBy(m => m.Key, StringComparer.Ordinal))
        {
            writer.WriteString(key, value);
        }

        writer.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter writer, TensorInfo tensor, long begin)
    {
        writer.WriteStartObject(tensor.Name);
        writer.WriteString("dtype", tensor.DType.Name());
        writer.WriteStartArray("shape");
        foreach (long dimension in tensor.Shape)
        {
            writer.WriteNumberValue(dimension);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("data_offsets");
        writer.WriteNumberValue(begin);
        writer.WriteNumberValue(checked(begin + tensor.ByteLength));
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
