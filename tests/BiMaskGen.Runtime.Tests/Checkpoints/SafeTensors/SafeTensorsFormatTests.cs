using System.Text;
using BiMaskGen.Checkpoints;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Checkpoints;

/// <summary>Files written by hand from the format's description.</summary>
public sealed class SafeTensorsFormatTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AFileWrittenByteByByte()
    {
        string path = _folder.Write("a.safetensors",
        [
            64, 0, 0, 0, 0, 0, 0, 0,
            .. """{"attn.0":{"dtype":"F32","shape":[1,2,3],"data_offsets":[0,24]}}"""u8,
            0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x80, 0x3F, 0x00, 0x00, 0x00, 0x40,
            0x00, 0x00, 0x40, 0x40, 0x00, 0x00, 0x80, 0x40, 0x00, 0x00, 0xA0, 0x40,
        ]);
        using SafeTensorsFile file = SafeTensorsFile.Open(path);
        TensorInfo tensor = Assert.Single(file.Tensors);
        Assert.Equal("attn.0", tensor.Name);
        Assert.Equal(DType.F32, tensor.DType);
        Assert.Equal<long>([1, 2, 3], tensor.Shape);
        Assert.Equal(6, tensor.ElementCount);
        Assert.Equal(24, tensor.ByteLength);
        Assert.Equal([0f, 1, 2, 3, 4, 5], file.View("attn.0").AsSpan<float>().ToArray());
        Assert.Empty(file.Metadata);
        Assert.Equal(path, file.Path);
    }

    [Fact]
    public void NoTensors()
    {
        using SafeTensorsFile file = SafeTensorsFile.Open(_folder.Write("a.safetensors", RawFiles.SafeTensors("{}      ")));
        Assert.Empty(file.Tensors);
    }

    [Fact]
    public void ScalarsEmptyTensorsMetadataAndSpacesAnywhere()
    {
        string header = """
            { "b" : {"data_offsets":[2,2], "shape":[0, 9223372036854775807], "dtype":"F64"},
              "__metadata__" : {"format":"pt", "": "\u00fc\n"},
              "\u0061\ud83d\ude00" : {"shape":[], "dtype":"I16", "data_offsets":[0,2]},
              "" : {"shape":[1], "dtype":"BOOL", "data_offsets":[2,3]} }

            """;
        using SafeTensorsFile file = SafeTensorsFile.Open(_folder.Write("a.safetensors", RawFiles.SafeTensors(header, 0x34, 0x12, 1)));
        Assert.Equal(["a😀", "b", ""], file.Tensors.Select(t => t.Name));
        Assert.Equal(new Dictionary<string, string> { ["format"] = "pt", [""] = "ü\n" }, file.Metadata);
        Assert.Equal([0x1234], file.View("a😀").AsSpan<short>().ToArray());
        Assert.Equal(0, file["b"].ByteLength);
        Assert.Equal(0, file.View("b").Length);
        Assert.Equal([1], file.View("").AsSpan().ToArray());
    }

    [Fact]
    public void EveryTypeOfTheFormat()
    {
        // The sizes as the format's own implementation has them, in bits.
        (string Name, int Bits)[] types =
        [
            ("BOOL", 8), ("F4", 4), ("F6_E2M3", 6), ("F6_E3M2", 6), ("U8", 8), ("I8", 8), ("F8_E5M2", 8), ("F8_E4M3", 8), ("F8_E8M0", 8),
            ("F8_E4M3FNUZ", 8), ("F8_E5M2FNUZ", 8), ("I16", 16), ("U16", 16), ("F16", 16), ("BF16", 16), ("I32", 32), ("U32", 32), ("F32", 32),
            ("C64", 64), ("F64", 64), ("I64", 64), ("U64", 64),
        ];
        Assert.Equal(types.Select(t => t.Name), Enum.GetNames<DType>());
        foreach ((string name, int bits) in types)
        {
            int bytes = 4 * bits / 8;
            byte[] data = RawFiles.Ramp(bytes);
            string header = $$$"""{"t":{"dtype":"{{{name}}}","shape":[2,2],"data_offsets":[0,{{{bytes}}}]}}""";
            using SafeTensorsFile file = SafeTensorsFile.Open(_folder.Write("a.safetensors", RawFiles.SafeTensors(header, data)));
            Assert.Equal(name, file["t"].DType.Name());
            Assert.Equal(bits, file["t"].DType.Bits());
            Assert.Equal(data, file.View("t").AsSpan().ToArray());
        }
    }

    [Fact]
    public void TensorsStandInTheOrderOfTheirData()
    {
        string header = """{"z":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"a":{"dtype":"U8","shape":[3],"data_offsets":[2,5]}}""";
        using SafeTensorsFile file = SafeTensorsFile.Open(_folder.Write("a.safetensors", RawFiles.SafeTensors(header, 1, 2, 3, 4, 5)));
        Assert.Equal(["z", "a"], file.Tensors.Select(t => t.Name));
        Assert.Equal([3, 4, 5], file.View("a").AsSpan().ToArray());
        Assert.Equal([4], file.View("a").Span(1, 1).ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => file.View("a").Span(2, 2).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.View("a").Slice(-1, 1).Length);
        Assert.Throws<ArgumentException>(() => file.View("a").AsSpan<short>().Length);
    }

    [Fact]
    public void AMissingTensorIsNamedWithThoseThatEndAlike()
    {
        using var writer = SafeTensorsWriter.Create(_folder["a.safetensors"], Enumerable.Range(0, 9).Select(i => new TensorInfo($"fc{i}.weight", DType.F32, 0)));
        writer.Commit();
        using SafeTensorsFile file = SafeTensorsFile.Open(_folder["a.safetensors"]);
        var error = Assert.Throws<NMSparseCheckpointException>(() => file["net.fc7.weight"]);
        Assert.Equal("net.fc7.weight", error.Key);
        Assert.Contains("holds 9: fc7.weight", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("…", error.Message.TrimEnd('.'), StringComparison.Ordinal);
        Assert.False(file.TryFind("net.fc7.weight", out _));
    }

    [Fact]
    public void TensorsMayBeLongerThanASpan()
    {
        // A file of holes: it takes no room on the file systems of Linux.
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        const long Elements = 5L << 30;
        byte[] start = RawFiles.SafeTensors($$$"""{"t":{"dtype":"F32","shape":[{{{Elements}}}],"data_offsets":[0,{{{4 * Elements}}}]}}""");
        using (FileStream stream = File.Create(_folder["a.safetensors"]))
        {
            stream.Write(start);
            stream.SetLength(start.Length + (4 * Elements));
            stream.Position = stream.Length - 4;
            stream.Write(BitConverter.GetBytes(1.5f));
        }

        using SafeTensorsFile file = SafeTensorsFile.Open(_folder["a.safetensors"]);
        Assert.Equal(4 * Elements, file.View("t").Length);
        Assert.Equal([0, 1.5f], file.View("t").Slice((4 * Elements) - 8, 8).AsSpan<float>().ToArray());
        Assert.Equal(int.MaxValue, file.View("t").Slice(4 * (Elements - int.MaxValue), 4L * int.MaxValue).AsSpan<float>().Length);
        Assert.Throws<NotSupportedException>(() => file.View("t").AsSpan<float>().Length);
        Assert.Throws<NotSupportedException>(() => file.View("t").AsSpan().Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.View("t").Span((4 * Elements) - 3, 4).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.View("t").Slice(long.MaxValue, 1).Length);
    }

    [Fact]
    public void AfterDisposeNothingCanBeRead()
    {
        SafeTensorsFile file = SafeTensorsFile.Open(_folder.Write("a.safetensors",
            RawFiles.SafeTensors("""{"t":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 1)));
        file.Dispose();
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => file.View("t").Length);
        File.Delete(_folder["a.safetensors"]);
    }

    [Fact]
    public void TheKindIsFoundByWhatAFileBeginsWith()
    {
        byte[] bytes = RawFiles.SafeTensors("""{"t":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 7);
        using TensorFile asSafeTensors = TensorFile.Open(_folder.Write("no-ending", bytes));
        Assert.IsType<SafeTensorsFile>(asSafeTensors);
        using TensorFile asDat = TensorFile.Open(_folder.Write("other.bin", [1, 1, (byte)'t', 0, 1, 1, 7]));
        Assert.IsType<DatFile>(asDat);
        Assert.Equal([7], asDat.View("t").AsSpan().ToArray());
        Assert.Throws<FileNotFoundException>(() => TensorFile.Open(_folder["none.safetensors"]));
        Assert.Throws<FileNotFoundException>(() => TensorFile.Open(_folder["none.bin"]));
    }

    [Fact]
    public void NamesInMessagesStayOnOneShortLine()
    {
        string name = new('x', 5000);
        var error = new NMSparseCheckpointException("f", $"a\n\u001b[31m{name}", "broken.");
        Assert.DoesNotContain('\n', error.Message);
        Assert.DoesNotContain('\u001b', error.Message);
        Assert.True(error.Message.Length < 300, error.Message);
        Assert.Equal("broken.", error.Problem);
    }
}
