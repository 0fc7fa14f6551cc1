using System.Text;
using BiMaskGen.Checkpoints;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Checkpoints;

public sealed class DatFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AFileWrittenByteByByte()
    {
        byte[] bytes =
        [
            2,
            9, .. "fc.weight"u8, 6, 2, 2, 1, 0, 0, 128, 63, 0, 0, 0, 192, // Float32 [2, 1]: 1, -2
            5, .. "n.üb"u8, 4, 0, 0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11, // Int64 []
        ];
        using DatFile file = DatFile.Open(_folder.Write("a.dat", bytes));
        Assert.Equal(["fc.weight: F32 [2, 1]", "n.üb: I64 []"], file.Tensors.Select(t => t.ToString()));
        Assert.Equal([1f, -2f], file.View("fc.weight").AsSpan<float>().ToArray());
        Assert.Equal([0x1122334455667788], file.View("n.üb").AsSpan<long>().ToArray());
        Assert.Empty(file.Metadata);
    }

    [Fact]
    public void LongIntegersTakeSeveralBytes()
    {
        string name = new('k', 300);
        byte[] data = RawFiles.Ramp(200);
        using DatFile file = DatFile.Open(_folder.Write("a.dat", [1, 0xAC, 0x02, .. Encoding.UTF8.GetBytes(name), 0, 1, 0xC8, 0x01, .. data]));
        Assert.Equal(data, file.View(name).AsSpan().ToArray());

        // The same numbers with zeros in front, as some encoders write them.
        using DatFile padded = DatFile.Open(_folder.Write("b.dat", [0x81, 0x00, 1, (byte)'t', 0x80, 0x80, 0x00, 1, 0x82, 0x80, 0x00, 7, 8]));
        Assert.Equal([7, 8], padded.View("t").AsSpan().ToArray());
    }

    [Fact]
    public void TheNumbersOfTorchsTypes()
    {
        (int Number, DType DType)[] types =
        [
            (0, DType.U8), (1, DType.I8), (2, DType.I16), (3, DType.I32), (4, DType.I64), (5, DType.F16), (6, DType.F32), (7, DType.F64),
            (9, DType.C64), (11, DType.BOOL), (15, DType.BF16),
        ];
        for (int number = 0; number < 64; number++)
        {
            (int, DType DType)[] known = [.. types.Where(t => t.Number == number)];
            byte[] data = new byte[known.Length == 0 ? 8 : known[0].DType.Bytes()];
            string path = _folder.Write("a.dat", [1, 1, (byte)'t', (byte)number, 0, .. data]);
            if (known.Length == 0)
            {
                var error = Assert.Throws<NMSparseCheckpointException>(() => DatFile.Open(path));
                Assert.Contains($"t: scalar type {number} is none", error.Message, StringComparison.Ordinal);
            }
            else
            {
                using DatFile file = DatFile.Open(path);
                Assert.Equal(known[0].DType, file["t"].DType);
            }
        }
    }

    [Theory]
    [InlineData(new byte[] { }, "within the number of its tensors")]
    [InlineData(new byte[] { 0x80 }, "within the number of its tensors")]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01 }, "no integer of 63 bits")]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F }, "9223372036854775807 tensors; at most 1048576")]
    [InlineData(new byte[] { 1 }, "within the key of tensor 1 of 1")]
    [InlineData(new byte[] { 1, 5, 97 }, "the key of tensor 1 of 1 would have 5 bytes, 1 are left")]
    [InlineData(new byte[] { 1, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F }, "would have 9223372036854775807 bytes")]
    [InlineData(new byte[] { 1, 1, 0xFF, 6, 0, 0, 0, 0, 0 }, "no valid UTF-8")]
    [InlineData(new byte[] { 1, 1, 97 }, "a: the file ends at byte 3, within its scalar type")]
    [InlineData(new byte[] { 1, 1, 97, 6 }, "within its rank")]
    [InlineData(new byte[] { 1, 1, 97, 6, 65 }, "65 dimensions; at most 64")]
    [InlineData(new byte[] { 1, 1, 97, 6, 2, 3 }, "within its shape")]
    [InlineData(new byte[] { 1, 1, 97, 6, 1, 2, 1, 2, 3, 4, 5, 6, 7 }, "F32 [2] has 8 bytes, 7 are left")]
    [InlineData(new byte[] { 1, 1, 97, 6, 2, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20 }, "beyond what a file can hold")]
    [InlineData(new byte[] { 0, 0 }, "its 0 tensors end at byte 1, the file at 2")]
    [InlineData(new byte[] { 2, 1, 97, 0, 0, 7, 1, 97, 0, 0, 7 }, "a: the file holds this tensor twice")]
    public void WhatIsNoPartOfTheFormatIsRefused(byte[] bytes, string message)
    {
        var error = Assert.Throws<NMSparseCheckpointException>(() => DatFile.Open(_folder.Write("a.dat", bytes)));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ThereAndBackEveryByteIsTheSame()
    {
        DType[] types = [DType.U8, DType.I8, DType.I16, DType.I32, DType.I64, DType.F16, DType.F32, DType.F64, DType.C64, DType.BOOL, DType.BF16];
        TensorInfo[] tensors = [.. types.Select((d, i) => new TensorInfo($"layer{i}.ü.weight", d, i, 3)), new TensorInfo("", DType.F32)];
        using (DatWriter writer = DatWriter.Create(_folder["a.dat"], tensors))
        {
            foreach (TensorInfo tensor in tensors)
            {
                writer.Write(tensor.Name, RawFiles.Noise((int)tensor.ByteLength, tensor.Name.Length));
            }

            writer.Commit();
        }

        using (DatFile dat = DatFile.Open(_folder["a.dat"]))
        {
            Assert.Equal(tensors.Select(t => t.ToString()), dat.Tensors.Select(t => t.ToString()));
            CheckpointConversion.ToSafeTensors(dat, _folder["b.safetensors"]);
        }

        using SafeTensorsFile safe = SafeTensorsFile.Open(_folder["b.safetensors"]);
        Assert.All(tensors, t => Assert.Equal(RawFiles.Noise((int)t.ByteLength, t.Name.Length), safe.View(t.Name).AsSpan().ToArray()));
        CheckpointConversion.ToDat(safe, _folder["c.dat"]);
        using DatFile again = DatFile.Open(_folder["c.dat"]);
        Assert.All(tensors, t => Assert.Equal(RawFiles.Noise((int)t.ByteLength, t.Name.Length), again.View(t.Name).AsSpan().ToArray()));
        Assert.Equal(new FileInfo(_folder["a.dat"]).Length, new FileInfo(_folder["c.dat"]).Length);
    }

    [Fact]
    public void TypesThatTorchSharpLacksAreRefused_AndTheOldFileStays()
    {
        string path = _folder.Write("a.dat", [0]);
        var error = Assert.Throws<NMSparseCheckpointException>(() => DatWriter.Create(path, [new TensorInfo("t", DType.U32, 1)]));
        Assert.Contains("t: TorchSharp's files cannot hold U32", error.Message, StringComparison.Ordinal);
        Assert.Equal([0], File.ReadAllBytes(path));
        Assert.Equal(["a.dat"], _folder.Files);
    }
}
