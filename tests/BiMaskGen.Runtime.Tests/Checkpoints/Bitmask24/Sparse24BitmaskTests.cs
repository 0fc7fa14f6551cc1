using BiMaskGen.Checkpoints;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Checkpoints;

public sealed class Sparse24BitmaskTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Packed => _folder["packed.nms.safetensors"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AFileWrittenByHandIsImported_ZerosOfBothSignsToo()
    {
        // Row 0: . 1 2 . | -0 . . 3, row 1: 4 . 5 . | . 0 6 . ; bf16 1 = 3F80, -0 = 8000.
        ushort[] values = [0x3F80, 0x4000, 0x8000, 0x4040, 0x4080, 0x40A0, 0x0000, 0x40C0];
        string path = Write([2, 8], values, [0b1001_0110, 0b0110_0101]);
        using (TensorFile source = TensorFile.Open(path))
        {
            Assert.True(Sparse24Bitmask.IsUsedIn(source));
            Sparse24Bitmask.Import(source, Packed);
        }

        using PackedCheckpoint file = PackedCheckpoint.Open(Packed);
        PackedLayerInfo info = Assert.Single(file.Layers);
        Assert.Equal("fc.weight: 2:4 [2, 8] BF16 Given", $"{info.Name}: {info.Pattern} [{info.OutFeatures}, {info.InFeatures}] {info.DType} {info.Score}");
        PackedLayer layer = file.Read("fc.weight");
        ushort[] dense = [0, 0x3F80, 0x4000, 0, 0x8000, 0, 0, 0x4040, 0x4080, 0, 0x40A0, 0, 0, 0x0000, 0x40C0, 0];
        byte[] back = new byte[32], expected = [.. dense.SelectMany(BitConverter.GetBytes)];
        layer.Unpack(back);
        Assert.Equal(expected, back);
        Assert.Equal(System.Security.Cryptography.SHA256.HashData(expected), layer.SourceHash.ToArray());
        Assert.True(layer.MakeForwardMask()[1, 5]);
        Assert.Equal([9, 9], file.ReadDense("fc.bias").AsSpan().ToArray());
        Assert.Equal("y", file.Metadata["x"]);

        // And out again, the same file.
        Sparse24Bitmask.Export(file, _folder["again"]);
        RawFile before = ReferenceReaders.SafeTensors(File.ReadAllBytes(path))!, after = ReferenceReaders.SafeTensors(File.ReadAllBytes(_folder["again"]))!;
        Assert.Equal(before.Metadata, after.Metadata);
        Assert.Equal(before.Tensors.Keys.Order(), after.Tensors.Keys.Order());
        Assert.All(before.Tensors, t => Assert.Equal(t.Value.Data, after.Tensors[t.Key].Data));
        Assert.All(before.Tensors, t => Assert.Equal(t.Value.Shape, after.Tensors[t.Key].Shape));
    }

    [Theory]
    [InlineData(2, 4)]
    [InlineData(1, 4)]
    [InlineData(1, 2)]
    [InlineData(2, 8)]
    [InlineData(1, 16)]
    public void PatternsWithinTwoFourAreExported_AndMeanTheSame(int n, int m)
    {
        foreach (DType dtype in new[] { DType.F8_E4M3, DType.F16, DType.F32, DType.I8 })
        {
            PackedCase c = PackedCase.Make(new NMPattern(n, m), dtype, 5, 20, m + n);
            WritePacked(c.Pack());
            using PackedCheckpoint file = PackedCheckpoint.Open(Packed);
            Sparse24Bitmask.Export(file, _folder["out"]);
            Assert.Equal(c.Masked, Decompress(ReferenceReaders.SafeTensors(File.ReadAllBytes(_folder["out"]))!, "fc"));
        }
    }

    [Fact]
    public void AChannelOrderIsUndone_IfTheColumnsAreTwoFourInTheirOwn()
    {
        // A rotation by whole groups keeps the groups.
        PackedCase c = PackedCase.Make(new NMPattern(2, 4), DType.F32, 6, 16, 3);
        WritePacked(PackedLayer.Pack(c.Info, c.Dense, c.Mask, c.RowPermutation, [.. Enumerable.Range(0, 16).Select(i => (i + 4) % 16)]));
        using PackedCheckpoint file = PackedCheckpoint.Open(Packed);
        Sparse24Bitmask.Export(file, _folder["out"]);
        Assert.Equal(c.Masked, Decompress(ReferenceReaders.SafeTensors(File.ReadAllBytes(_folder["out"]))!, "fc"));
    }

    [Fact]
    public void AnotherChannelOrderIsRefused()
    {
        WritePacked(PackedCase.Make(new NMPattern(2, 4), DType.F32, 6, 16, 3, ordered: true).Pack());
        using PackedCheckpoint file = PackedCheckpoint.Open(Packed);
        var error = Assert.Throws<NMSparseCheckpointException>(() => Sparse24Bitmask.Export(file, _folder["out"]));
        Assert.Contains("a 2:4 layer in a channel order is no 2:4 one", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("out", _folder.Files);
    }

    [Theory]
    [InlineData(3, 4, 8, "fc.weight", "columns 0 to 3 of row 0 keep 3: a 3:4 layer is no 2:4 one")]
    [InlineData(2, 4, 6, "fc.weight", "[5, 6] does not fit sparse-24-bitmask: the columns must be a multiple of 4")]
    [InlineData(2, 4, 8, "fc.kernel", "only tensors whose key ends in '.weight'")]
    public void WhatTheLayoutCannotHoldIsNotExported(int n, int m, int columns, string name, string message)
    {
        WritePacked(PackedCase.Make(new NMPattern(n, m), DType.F32, 5, columns, 1, name: name).Pack());
        using PackedCheckpoint file = PackedCheckpoint.Open(Packed);
        var error = Assert.Throws<NMSparseCheckpointException>(() => Sparse24Bitmask.Export(file, _folder["out"]));
        Assert.Contains($"{name}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("out", _folder.Files);
    }

    [Theory]
    [InlineData(new long[] { 1, 8 }, new byte[] { 0b0011_0111 }, "fc.bitmask: columns 0 to 3 of row 0 keep 3, exactly 2 were expected")]
    [InlineData(new long[] { 1, 8 }, new byte[] { 0b0001_0011 }, "fc.bitmask: columns 4 to 7 of row 0 keep 1, exactly 2 were expected")]
    [InlineData(new long[] { 1, 8 }, new byte[] { 0b1111_0000 }, "columns 0 to 3 of row 0 keep 0")]
    [InlineData(new long[] { 2, 4 }, new byte[] { 0b0000_0011, 0b0001_0011 }, "fc.bitmask: row 1 has bits behind its 4 columns")]
    [InlineData(new long[] { 1, 7 }, new byte[] { 0b0011_0011 }, "fc.shape: [1, 7] does not fit sparse-24-bitmask")]
    [InlineData(new long[] { 1, 9 }, new byte[] { 0b0011_0011, 0 }, "fc.shape: [1, 9] does not fit")]
    [InlineData(new long[] { -1, 8 }, new byte[] { 0b0011_0011 }, "fc.shape: [-1, 8] does not fit")]
    [InlineData(new long[] { 1, 1L << 40 }, new byte[] { 0b0011_0011 }, "fc.shape: [1, 1099511627776] does not fit")]
    [InlineData(new long[] { 1 << 20, 1 << 20 }, new byte[] { 0b0011_0011 }, "one layer may have")]
    [InlineData(new long[] { 2, 8 }, new byte[] { 0b0011_0011 }, "the weight [2, 8] needs BF16 [2, 4]")]
    [InlineData(new long[] { 1, 8, 1 }, new byte[] { 0b0011_0011 }, "it is I64 [3, 1], I64 [2, 1] was expected")]
    public void WhatIsNotAsTheLayoutSaysIsNotImported(long[] shape, byte[] mask, string message)
    {
        using TensorFile source = TensorFile.Open(Write(shape, [1, 2, 3, 4], mask));
        var error = Assert.Throws<NMSparseCheckpointException>(() => Sparse24Bitmask.Import(source, Packed));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Packed));
    }

    [Theory]
    [InlineData("shape", "fc.shape: no such tensor")]
    [InlineData("bitmask", "fc.bitmask: no such tensor")]
    [InlineData("compressed", "fc.bitmask: its compressed values are missing")]
    public void HalfAWeightIsNotImported(string part, string message)
    {
        using TensorFile source = TensorFile.Open(Write([1, 8], [1, 2, 3, 4], [0b0011_0011], without: $"fc.{part}"));
        var error = Assert.Throws<NMSparseCheckpointException>(() => Sparse24Bitmask.Import(source, Packed));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    /// <summary>What the layout means, written from its description.</summary>
    private static byte[] Decompress(RawFile file, string prefix)
    {
        RawTensor shape = file.Tensors[$"{prefix}.shape"], compressed = file.Tensors[$"{prefix}.compressed"], mask = file.Tensors[$"{prefix}.bitmask"];
        int rows = (int)BitConverter.ToInt64(shape.Data), columns = (int)BitConverter.ToInt64(shape.Data, 8);
        Assert.Equal([2, 1], shape.Shape);
        Assert.Equal([rows, columns / 2], compressed.Shape);
        Assert.Equal([rows, (columns + 7) / 8], mask.Shape);
        int size = compressed.Data.Length / (rows * columns / 2), next = 0;
        byte[] dense = new byte[rows * columns * size];
        for (int i = 0; i < rows * columns; i++)
        {
            if ((mask.Data[(i / columns * ((columns + 7) / 8)) + (i % columns / 8)] >> (i % columns % 8) & 1) != 0)
            {
                compressed.Data.AsSpan(next++ * size, size).CopyTo(dense.AsSpan(i * size));
            }
        }

        Assert.Equal(rows * columns / 2, next);
        return dense;
    }

    private void WritePacked(PackedLayer layer)
    {
        using PackedCheckpointWriter writer = PackedCheckpointWriter.Create(Packed, [layer.Info], []);
        writer.Write(layer);
        writer.Commit();
    }

    private string Write(long[] shape, ushort[] values, byte[] mask, string? without = null)
    {
        int rows = mask.Length == 2 && shape[1] != 9 ? 2 : 1;
        (TensorInfo Info, byte[] Data)[] tensors =
        [
            (new("fc.shape", DType.I64, shape.Length, 1), [.. shape.SelectMany(BitConverter.GetBytes)]),
            (new("fc.compressed", DType.BF16, rows, values.Length / rows), [.. values.SelectMany(BitConverter.GetBytes)]),
            (new("fc.bitmask", DType.U8, rows, mask.Length / rows), mask),
            (new("fc.bias", DType.U8, 2), [9, 9]),
        ];
        tensors = [.. tensors.Where(t => t.Info.Name != without)];
        using SafeTensorsWriter writer = SafeTensorsWriter.Create(
            _folder["source"], tensors.Select(t => t.Info), new Dictionary<string, string> { ["x"] = "y" });
        foreach ((TensorInfo info, byte[] data) in tensors)
        {
            writer.Write(info.Name, data);
        }

        writer.Commit();
        return _folder["source"];
    }
}
