using System.Text.Json;

namespace BiMaskGen.Runtime.Tests.Checkpoints;

/// <summary>Unpacks a layer as docs/format.md reads, from the raw tensors of the file.</summary>
internal static class PackedFormatReference
{
    public static byte[] Dense(RawFile file, string layer)
    {
        using JsonDocument description = JsonDocument.Parse(file.Metadata[$"nms.layer.{layer}"]);
        int[] shape = [.. description.RootElement.GetProperty("shape").EnumerateArray().Select(e => e.GetInt32())];
        string[] pattern = description.RootElement.GetProperty("pattern").GetString()!.Split(':');
        int n = int.Parse(pattern[0]), m = int.Parse(pattern[1]), rows = shape[0], columns = shape[1];
        int bits = (int)Math.Ceiling(Math.Log2(m));
        RawTensor values = file.Tensors[$"{layer}.nms.values"], indices = file.Tensors[$"{layer}.nms.indices"];
        int[] order = file.Tensors.TryGetValue($"{layer}.nms.channels", out RawTensor? channels)
            ? [.. Enumerable.Range(0, columns).Select(i => BitConverter.ToInt32(channels.Data, 4 * i))]
            : [.. Enumerable.Range(0, columns)];
        int kept = (int)values.Shape[1], size = values.Data.Length / (rows * kept);
        byte[] dense = new byte[rows * columns * size];
        for (int row = 0; row < rows; row++)
        {
            int slot = 0;
            for (int first = 0; first < columns; first += m)
            {
                for (int i = 0; i < Math.Min(n, Math.Min(m, columns - first)); i++, slot++)
                {
                    int index = 0;
                    for (int bit = 0; bit < bits; bit++)
                    {
                        int place = (slot * bits) + bit;
                        index |= (indices.Data[(row * (int)indices.Shape[1]) + (place / 8)] >> (place % 8) & 1) << bit;
                    }

                    int column = order[first + index];
                    values.Data.AsSpan(((row * kept) + slot) * size, size).CopyTo(dense.AsSpan(((row * columns) + column) * size));
                }
            }
        }

        return dense;
    }
}
