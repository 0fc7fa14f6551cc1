using BiMaskGen.Checkpoints;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Checkpoints;

/// <summary>
/// Damaged files: each is refused with the typed error or read as a reader written from the format's description reads it. What is no error must
/// be right, and no error may be of another type.
/// </summary>
public sealed class HostileFileTests : IDisposable
{
    private const int Mutations = 2500;

    private static readonly PackedCase s_plain = PackedCase.Make(new NMPattern(2, 4), DType.F32, 5, 18, 1, permuted: false, name: "a.weight");
    private static readonly PackedCase s_both = PackedCase.Make(new NMPattern(3, 20), DType.BF16, 4, 25, 2, ordered: true, name: "ü.weight");
    private static readonly TensorInfo[] s_tensors =
    [
        new("fc.weight", DType.F32, 4, 5), new("fc.bias", DType.BF16, 4), new("ü", DType.I64), new("none", DType.U8, 3, 0), new("flag", DType.BOOL, 3),
    ];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void SafeTensors() => Check(
        "safetensors",
        Written(path => SafeTensorsWriter.Create(path, s_tensors, new Dictionary<string, string> { ["format"] = "pt" }, durable: false)),
        path => SafeTensorsFile.Open(path),
        ReferenceReaders.SafeTensors);

    [Fact]
    public void Dat() => Check("dat", Written(path => DatWriter.Create(path, s_tensors, durable: false)), DatFile.Open, ReferenceReaders.Dat);

    /// <summary>A layer that can be read is the one that was written: nothing else has its hash.</summary>
    [Fact]
    public void Packed()
    {
        using (PackedCheckpointWriter writer = PackedCheckpointWriter.Create(
            _folder["whole"], [s_plain.Info, s_both.Info], [new TensorInfo("a.bias", DType.F32, 5)], durable: false))
        {
            writer.Write(s_plain.Pack());
            writer.Write(s_both.Pack());
            writer.WriteDense("a.bias", new byte[20]);
            writer.Commit();
        }

        var layers = new Dictionary<string, PackedLayer> { ["a.weight"] = s_plain.Pack(), ["ü.weight"] = s_both.Pack() };
        int read = 0, refused = 0;
        Mutate(File.ReadAllBytes(_folder["whole"]), (path, bytes) =>
        {
            try
            {
                using PackedCheckpoint file = PackedCheckpoint.Open(path);
                foreach (PackedLayerInfo info in file.Layers)
                {
                    PackedLayer layer = file.Read(info.Name);
                    Assert.True(layers[info.Name].IsSameAs(layer), info.Name);
                    byte[] dense = new byte[info.DenseBytes];
                    layer.Unpack(dense);
                    Assert.Equal((info.Name == "a.weight" ? s_plain : s_both).Masked, dense);
                    read++;
                }

                file.Densify(_folder["dense"], durable: false);
            }
            catch (NMSparseCheckpointException e)
            {
                Assert.StartsWith(path, e.Message, StringComparison.Ordinal);
                refused++;
            }
        });
        Assert.True(read > 100 && refused > Mutations / 2, $"{read} layers read, {refused} files refused");
    }

    [Fact]
    public void Sparse24Bitmasks()
    {
        PackedCase c = PackedCase.Make(new NMPattern(2, 4), DType.BF16, 4, 12, 3, permuted: false);
        using (PackedCheckpointWriter writer = PackedCheckpointWriter.Create(_folder["packed"], [c.Info], [], durable: false))
        {
            writer.Write(c.Pack());
            writer.Commit();
        }

        using (PackedCheckpoint packed = PackedCheckpoint.Open(_folder["packed"]))
        {
            Sparse24Bitmask.Export(packed, _folder["whole"], durable: false);
        }

        int read = 0;
        Mutate(File.ReadAllBytes(_folder["whole"]), (path, bytes) =>
        {
            try
            {
                using TensorFile source = SafeTensorsFile.Open(path);
                Sparse24Bitmask.Import(source, _folder["imported"], durable: false);
                using PackedCheckpoint imported = PackedCheckpoint.Open(_folder["imported"]);
                foreach (PackedLayerInfo info in imported.Layers)
                {
                    // What was read is what the bits say.
                    PackedLayer layer = imported.Read(info.Name);
                    Assert.Equal(source.View($"{info.Name[..^".weight".Length]}.compressed").AsSpan().ToArray(), layer.KeptValues.ToArray());
                    Assert.Equal(info.OutFeatures * info.InFeatures / 2, layer.MakeForwardMask().CountKept());
                    read++;
                }
            }
            catch (NMSparseCheckpointException)
            {
            }
        });
        Assert.True(read > 10, $"{read} layers read");
    }

    private void Check(string kind, byte[] whole, Func<string, TensorFile> open, Func<byte[], RawFile?> reference)
    {
        int read = 0, refused = 0;
        Mutate(whole, (path, bytes) =>
        {
            RawFile? expected = reference(bytes);
            try
            {
                using TensorFile file = open(path);
                Assert.True(expected is not null, $"{kind}: {Convert.ToBase64String(bytes)} should have been refused");
                AssertSame(expected, file);
                read++;
            }
            catch (NMSparseCheckpointException e)
            {
                Assert.True(expected is null, $"{kind}: {Convert.ToBase64String(bytes)} should have been read: {e.Message}");
                Assert.StartsWith(path, e.Message, StringComparison.Ordinal);
                refused++;
            }
        });
        Assert.True(read > 100 && refused > Mutations / 4, $"{read} files read, {refused} refused");
    }

    private static void AssertSame(RawFile expected, TensorFile file)
    {
        Assert.Equal(expected.Metadata, file.Metadata);
        Assert.Equal(expected.Tensors.Keys.Order(StringComparer.Ordinal), file.Tensors.Select(t => t.Name).Order(StringComparer.Ordinal));
        foreach ((string name, RawTensor tensor) in expected.Tensors)
        {
            Assert.Equal(tensor.DType, file[name].DType.Name());
            Assert.Equal<long>(tensor.Shape, file[name].Shape);
            Assert.Equal(tensor.Data, file.View(name).AsSpan().ToArray());
        }
    }

    /// <summary>Calls the check with damaged copies of a file, and holds it to memory in proportion to the file.</summary>
    private void Mutate(byte[] whole, Action<string, byte[]> check)
    {
        int header = Math.Min(whole.Length, 8 + (int)Math.Min(BitConverter.ToUInt64(whole), (ulong)whole.Length - 8));
        check(_folder.Write("damaged", whole), whole);
        for (int seed = 0; seed < Mutations; seed++)
        {
            byte[] bytes = Mutation.Apply(whole, header, new Random(seed));
            string path = _folder.Write("damaged", bytes);
            long before = GC.GetAllocatedBytesForCurrentThread();
            check(path, bytes);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < 4 << 20, $"seed {seed}: {allocated} bytes allocated for a file of {bytes.Length}");
        }
    }

    private byte[] Written(Func<string, TensorFileWriter> create)
    {
        using (TensorFileWriter writer = create(_folder["whole"]))
        {
            foreach (TensorInfo tensor in s_tensors)
            {
                writer.Write(tensor.Name, RawFiles.Noise((int)tensor.ByteLength, tensor.Name.Length));
            }

            writer.Commit();
        }

        return File.ReadAllBytes(_folder["whole"]);
    }
}
