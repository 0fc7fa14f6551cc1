using System.Buffers.Binary;
using System.IO.Compression;

namespace BiMaskGen.Build.Tests.Report;

/// <summary>Reads what the runtime's encoder writes, from the format's description: no filters, one data chunk.</summary>
internal static class PngDecoder
{
    public static (int Width, int Height, byte[] Pixels) Decode(byte[] png)
    {
        Assert.Equal([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], png[..8]);
        int width = 0, height = 0;
        byte[] data = [];
        for (int at = 8; at < png.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            string type = System.Text.Encoding.ASCII.GetString(png, at + 4, 4);
            byte[] content = png[(at + 8)..(at + 8 + length)];
            Assert.Equal(Crc(png.AsSpan(at + 4, length + 4)), BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(at + 8 + length)));
            if (type == "IHDR")
            {
                (width, height) = (BinaryPrimitives.ReadInt32BigEndian(content), BinaryPrimitives.ReadInt32BigEndian(content.AsSpan(4)));
                Assert.Equal([8, 2, 0, 0, 0], content[8..]);
            }
            else if (type == "IDAT")
            {
                using MemoryStream inflated = new();
                using ZLibStream zlib = new(new MemoryStream(content), CompressionMode.Decompress);
                zlib.CopyTo(inflated);
                data = inflated.ToArray();
            }

            at += length + 12;
        }

        Assert.Equal(height * ((3 * width) + 1), data.Length);
        return (width, height, [.. Enumerable.Range(0, height).SelectMany(row => data.AsSpan((row * ((3 * width) + 1)) + 1, 3 * width).ToArray())]);
    }

    // A table, where the encoder shifts bits.
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint[] table = [.. Enumerable.Range(0, 256).Select(i => Enumerable.Range(0, 8).Aggregate((uint)i, (c, _) => (c & 1) != 0 ? 0xedb88320 ^ (c >> 1) : c >> 1))];
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc = table[(crc ^ b) & 0xff] ^ (crc >> 8);
        }

        return crc ^ uint.MaxValue;
    }
}
