using System.Text;
using BiMaskGen.Checkpoints;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Checkpoints;

public sealed class SafeTensorsWriterTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Target => _folder["a.safetensors"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TheBytesAreThoseOfTheFormatsOwnWriter()
    {
        // As its implementation's test for a name that forces padding expects them.
        using (SafeTensorsWriter writer = SafeTensorsWriter.Create(Target, [new TensorInfo("attn0", DType.F32, 1, 1, 2, 3)]))
        {
            writer.Write("attn0", (byte[])[.. new float[] { 0, 1, 2, 3, 4, 5 }.SelectMany(BitConverter.GetBytes)]);
            writer.Commit();
        }

        Assert.Equal(
            [
                72, 0, 0, 0, 0, 0, 0, 0,
                .. """{"attn0":{"dtype":"F32","shape":[1,1,2,3],"data_offsets":[0,24]}}       """u8,
                0, 0, 0, 0, 0, 0, 128, 63, 0, 0, 0, 64, 0, 0, 64, 64, 0, 0, 128, 64, 0, 0, 160, 64,
            ],
            File.ReadAllBytes(Target));
    }

    [Fact]
    public void NothingAtAll()
    {
        using (SafeTensorsWriter writer = SafeTensorsWriter.Create(Target, [], new Dictionary<string, string> { ["framework"] = "pt" }))
        {
            writer.Commit();
        }

        Assert.Equal([40, 0, 0, 0, 0, 0, 0, 0, .. """{"__metadata__":{"framework":"pt"}}     """u8], File.ReadAllBytes(Target));
    }

    [Fact]
    public void EveryTypeComesBack_InAnyOrderInPieces_AlignedToItsElements()
    {
        TensorInfo[] tensors = [.. Enum.GetValues<DType>().SelectMany((d, i) => new TensorInfo[] { new($"t{i} \"ü\\\u2028😀", d, 4, i + 1), new($"e{i}", d, 3, 0) })];
        var metadata = new Dictionary<string, string> { ["b"] = "two\nlines", ["a"] = "", ["ü\""] = "😀" };
        using (SafeTensorsWriter writer = SafeTensorsWriter.Create(Target, tensors, metadata, durable: false))
        {
            foreach (TensorInfo tensor in tensors.Reverse())
            {
                writer.Write(tensor.Name, Content(tensor).AsSpan(0, (int)tensor.ByteLength / 3));
            }

            foreach (TensorInfo tensor in tensors)
            {
                writer.Write(tensor.Name, Content(tensor).AsSpan((int)tensor.ByteLength / 3));
            }

            writer.Commit();
        }

        byte[] bytes = File.ReadAllBytes(Target);
        using SafeTensorsFile file = SafeTensorsFile.Open(Target);
        Assert.Equal(metadata, file.Metadata);
        Assert.Equal(tensors.Select(t => t.ToString()).Order(), file.Tensors.Select(t => t.ToString()).Order());
        long place = 8 + BitConverter.ToInt64(bytes);
        foreach (TensorInfo tensor in file.Tensors)
        {
            Assert.Equal(Content(tensor), file.View(tensor.Name).AsSpan().ToArray());
            Assert.Equal(0, place % Math.Max(1, tensor.DType.Bytes()));
            place += tensor.ByteLength;
        }
    }

    [Fact]
    public void DifferentTensorsMayBeWrittenAtTheSameTime()
    {
        TensorInfo[] tensors = [.. Enumerable.Range(0, 16).Select(i => new TensorInfo($"t{i}", DType.U8, 100_000 + i))];
        using (SafeTensorsWriter writer = SafeTensorsWriter.Create(Target, tensors, durable: false))
        {
            Parallel.ForEach(tensors, tensor =>
            {
                byte[] content = Content(tensor);
                for (int done = 0; done < content.Length; done += 999)
                {
                    writer.Write(tensor.Name, content.AsSpan(done, Math.Min(999, content.Length - done)));
                }
            });
            writer.Commit();
        }

        using SafeTensorsFile file = SafeTensorsFile.Open(Target);
        Assert.All(tensors, t => Assert.Equal(Content(t), file.View(t.Name).AsSpan().ToArray()));
    }

    [Fact]
    public void TheSameContentMakesTheSameFile()
    {
        foreach (string name in new[] { "a", "b" })
        {
            var metadata = new Dictionary<string, string>();
            foreach (string key in name == "a" ? new[] { "x", "y" } : ["y", "x"])
            {
                metadata.Add(key, key);
            }

            using SafeTensorsWriter writer = SafeTensorsWriter.Create(_folder[name], [new TensorInfo("t", DType.U8, 1)], metadata);
            writer.Write("t", new byte[] { 1 });
            writer.Commit();
        }

        Assert.Equal(File.ReadAllBytes(_folder["a"]), File.ReadAllBytes(_folder["b"]));
    }

    [Fact]
    public void AnIncompleteFileIsNotCommitted_AndTheOldOneStays()
    {
        File.WriteAllText(Target, "old");
        using (SafeTensorsWriter writer = SafeTensorsWriter.Create(Target, [new TensorInfo("t", DType.U8, 4), new TensorInfo("u", DType.U8, 4)]))
        {
            writer.Write("t", new byte[4]);
            writer.Write("u", new byte[3]);
            var error = Assert.Throws<NMSparseCheckpointException>(writer.Commit);
            Assert.Contains("u: only 3 of its 4 bytes were written", error.Message, StringComparison.Ordinal);
            Assert.Equal("old", File.ReadAllText(Target));
        }

        Assert.Equal("old", File.ReadAllText(Target));
        Assert.Equal(["a.safetensors"], _folder.Files);
    }

    [Fact]
    public void WhatDoesNotFitIsRefused()
    {
        using SafeTensorsWriter writer = SafeTensorsWriter.Create(Target, [new TensorInfo("t", DType.U8, 4)]);
        writer.Write("t", new byte[3]);
        var tooMany = Assert.Throws<NMSparseCheckpointException>(() => writer.Write("t", new byte[2]));
        Assert.Contains("2 bytes more are too many: 1 of the 4 of U8 [4] are missing", tooMany.Message, StringComparison.Ordinal);
        Assert.Throws<NMSparseCheckpointException>(() => writer.Write("u", new byte[1]));
        writer.Write("t", new byte[1]);
        writer.Commit();
        Assert.Throws<ObjectDisposedException>(() => writer.Write("t", default));
        Assert.Throws<ObjectDisposedException>(writer.Commit);
    }

    [Fact]
    public void NamesThatCannotBeAreRefused()
    {
        var t = new TensorInfo("t", DType.U8, 1);
        Assert.Throws<NMSparseCheckpointException>(() => SafeTensorsWriter.Create(Target, [t, t]));
        Assert.Throws<NMSparseCheckpointException>(() => SafeTensorsWriter.Create(Target, [new TensorInfo("__metadata__", DType.U8, 1)]));
        Assert.Throws<NMSparseCheckpointException>(() => SafeTensorsWriter.Create(Target, [t], new Dictionary<string, string> { ["a"] = "\ud800" }));
        Assert.Throws<ArgumentException>(() => new TensorInfo("\ud800", DType.U8, 1));
        Assert.Throws<ArgumentException>(() => new TensorInfo("t", DType.U8, -1));
        Assert.Throws<ArgumentException>(() => new TensorInfo("t", DType.F4, 3));
        Assert.Throws<ArgumentException>(() => new TensorInfo("t", DType.F64, 1L << 40, 1L << 40));
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public void NoFolder_NoRoom_NothingLeft()
    {
        Assert.Throws<DirectoryNotFoundException>(() => SafeTensorsWriter.Create(_folder["none/a"], []));
        Assert.ThrowsAny<IOException>(() => SafeTensorsWriter.Create(Target, [new TensorInfo("t", DType.U8, 1L << 59)]));
        Assert.Empty(_folder.Files);
    }

    private static byte[] Content(TensorInfo tensor) => RawFiles.Noise((int)tensor.ByteLength, Encoding.UTF8.GetBytes(tensor.Name).Sum(b => b));
}
