using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>One tensor in TorchSharp's format: dtype, rank, dims as LEB128, then the raw little-endian bytes.</summary>
public static partial class TensorExtensionMethods
{
    public static void Save(this Tensor tensor, BinaryWriter writer)
    {
        writer.Encode((long)tensor.dtype);
        writer.Encode(tensor.shape.Length);
        foreach (var dim in tensor.shape)
        {
            writer.Encode(dim);
        }
        if (tensor.is_contiguous())
        {
            writer.Write(tensor.bytes);
            return;
        }
        using var guard = no_grad();
        using var packed = tensor.contiguous();
        writer.Write(packed.bytes);
    }

    public static void Save(this Tensor tensor, Stream stream)
    {
        using BinaryWriter writer = new(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        tensor.Save(writer);
    }

    public static void Save(this Tensor tensor, string location)
    {
        using BinaryWriter writer = new(File.Create(location));
        tensor.Save(writer);
    }

    /// <summary>Reads into <paramref name="tensor"/> through its raw bytes (its version does not move), or only reads past.</summary>
    public static void Load(this Tensor tensor, BinaryReader reader, bool skip = false)
    {
        var (dtype, shape) = ReadHeader(reader);
        if (skip)
        {
            SkipBytes(reader, shape, dtype);
            return;
        }
        if (tensor.dtype != dtype || !tensor.shape.AsSpan().SequenceEqual(shape))
        {
            throw new ArgumentException(
                $"The file holds {dtype} [{string.Join(", ", shape)}], the tensor is {tensor.dtype} [{string.Join(", ", tensor.shape)}].",
                nameof(tensor));
        }
        reader.BaseStream.ReadExactly(tensor.bytes);
    }

    /// <summary>Reads a new tensor.</summary>
    public static Tensor? Load(BinaryReader reader, bool skip = false)
    {
        var (dtype, shape) = ReadHeader(reader);
        if (skip)
        {
            SkipBytes(reader, shape, dtype);
            return null;
        }
        var tensor = empty(shape, dtype);
        reader.BaseStream.ReadExactly(tensor.bytes);
        return tensor;
    }

    private static (ScalarType Dtype, long[] Shape) ReadHeader(BinaryReader reader)
    {
        var dtype = (ScalarType)reader.Decode();
        var shape = new long[reader.Decode()];
        for (var i = 0; i < shape.Length; i++)
        {
            shape[i] = reader.Decode();
        }
        return (dtype, shape);
    }

    private static void SkipBytes(BinaryReader reader, long[] shape, ScalarType dtype)
    {
        var left = shape.Aggregate(1L, (product, dim) => checked(product * dim)) * dtype.ElementSize();
        var buffer = new byte[(int)Math.Min(left, 1 << 16)];
        while (left > 0)
        {
            var chunk = buffer.AsSpan(0, (int)Math.Min(left, buffer.Length));
            reader.BaseStream.ReadExactly(chunk);
            left -= chunk.Length;
        }
    }
}
