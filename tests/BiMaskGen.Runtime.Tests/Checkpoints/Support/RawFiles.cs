using System.Buffers.Binary;
using System.Text;

namespace BiMaskGen.Runtime.Tests.Checkpoints;

/// <summary>Files put together from the formats' descriptions, without the code under test.</summary>
internal static class RawFiles
{
    /// <summary>A safetensors file: length, header, data.</summary>
    public static byte[] SafeTensors(string header, params byte[] data) => SafeTensors(Encoding.UTF8.GetBytes(header), data);

    public static byte[] SafeTensors(byte[] header, byte[] data)
    {
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        return [.. length, .. header, .. data];
    }

    /// <summary>Bytes 0, 1, 2 …, modulo 251 so that no power of two repeats them.</summary>
    public static byte[] Ramp(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)(i % 251))];

    /// <summary>Random bytes, a function of the seed.</summary>
    public static byte[] Noise(int count, int seed)
    {
        byte[] bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
