namespace TorchSharp;

/// <summary>Unsigned LEB128, the integers of TorchSharp's own files. (BinaryWriter's 7-bit integers are the same code.)</summary>
internal static class Leb128
{
    internal static void Encode(this BinaryWriter writer, long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        writer.Write7BitEncodedInt64(value);
    }

    internal static long Decode(this BinaryReader reader) => reader.Read7BitEncodedInt64();
}
