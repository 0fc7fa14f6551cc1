using System.Security.Cryptography;
using System.Text;
using BiMaskGen.Checkpoints;
using BiMaskGen.Runtime.Tests.Support;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Checkpoints;

public sealed class PackedCheckpointTests : IDisposable
{
    private static readonly PackedCase s_plain = PackedCase.Make(new NMPattern(2, 4), DType.F32, 6, 18, 1, permuted: false, name: "a.weight");
    private static readonly PackedCase s_both = PackedCase.Make(new NMPattern(3, 20), DType.BF16, 7, 45, 2, ordered: true, name: "ü.weight");

    private readonly TempFolder _folder = new();

    private string Target => _folder["a.nms.safetensors"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void LayersTensorsAndMetadataComeBack()
    {
        Write(Target);
        using PackedCheckpoint file = PackedCheckpoint.Open(Target);
        Assert.Equal([s_plain.Info, s_both.Info], file.Layers);
        Assert.True(s_plain.Pack().IsSameAs(file.Read("a.weight")));
        Assert.True(s_both.Pack().IsSameAs(file.Read("ü.weight")));
        Assert.False(s_plain.Pack().IsSameAs(file.Read("ü.weight")));
        Assert.Equal("a.bias: F32 [6]", Assert.Single(file.DenseTensors).ToString());
        Assert.Equal(RawFiles.Ramp(24), file.ReadDense("a.bias").AsSpan().ToArray());
        Assert.Equal(new Dictionary<string, string> { ["format"] = "pt" }, file.Metadata);
        Assert.True(file.TryFind("a.weight", out _));
        Assert.False(file.TryFind("a.bias", out _));
        var error = Assert.Throws<NMSparseCheckpointException>(() => file.Read("a.bias"));
        Assert.Contains("holds 2: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheFileIsAsTheDescriptionSays()
    {
        Write(Target);
        RawFile raw = ReferenceReaders.SafeTensors(File.ReadAllBytes(Target))!;
        Assert.Equal(
            [
                "a.bias", "a.weight.nms.indices", "a.weight.nms.sha256", "a.weight.nms.values",
                "ü.weight.nms.channels", "ü.weight.nms.indices", "ü.weight.nms.permutation", "ü.weight.nms.sha256", "ü.weight.nms.values",
            ],
            raw.Tensors.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("bimaskgen.packed", raw.Metadata["nms.format"]);
        Assert.Equal("1", raw.Metadata["nms.version"]);
        Assert.Equal("""{"shape":[6,18],"pattern":"2:4","method":"BiMask","score":"Magnitude"}""", raw.Metadata["nms.layer.a.weight"]);
        foreach (PackedCase c in new[] { s_plain, s_both })
        {
            Assert.Equal(c.Masked, PackedFormatReference.Dense(raw, c.Info.Name));
            byte[] hashes = raw.Tensors[$"{c.Info.Name}.nms.sha256"].Data;
            Assert.Equal(SHA256.HashData(c.Dense), hashes[..32]);
            byte[] content =
            [
                .. Encoding.UTF8.GetBytes(raw.Metadata[$"nms.layer.{c.Info.Name}"]), .. hashes[..32],
                .. new[] { "values", "indices", "permutation", "channels" }.SelectMany(p => raw.Tensors.GetValueOrDefault($"{c.Info.Name}.nms.{p}")?.Data ?? []),
            ];
            Assert.Equal(SHA256.HashData(content), hashes[32..]);
        }
    }

    [Theory]
    [InlineData(DType.F32, 0.54)]
    [InlineData(DType.BF16, 0.57)]
    public void SizeOnDiskAtTwoFour(DType dtype, double share)
    {
        // The smallest size over which the permutations are said to be spread; everything of the layer counts, the header too.
        PackedCase c = PackedCase.Make(new NMPattern(2, 4), dtype, 1024, 1024, 1, ordered: true);
        using (PackedCheckpointWriter writer = PackedCheckpointWriter.Create(Target, [c.Info], [], durable: false))
        {
            writer.Write(c.Pack());
            writer.Commit();
        }

        Assert.InRange(new FileInfo(Target).Length / (double)c.Dense.Length, 0.5, share);
    }

    [Fact]
    public void DenseItIsTheMaskedCheckpoint()
    {
        Write(Target);
        using (PackedCheckpoint file = PackedCheckpoint.Open(Target))
        {
            file.Densify(_folder["dense.safetensors"]);
        }

        using SafeTensorsFile dense = SafeTensorsFile.Open(_folder["dense.safetensors"]);
        Assert.Equal(["a.bias: F32 [6]", "a.weight: F32 [6, 18]", "ü.weight: BF16 [7, 45]"], dense.Tensors.Select(t => t.ToString()).Order(StringComparer.Ordinal));
        Assert.Equal(s_plain.Masked, dense.View("a.weight").AsSpan().ToArray());
        Assert.Equal(s_both.Masked, dense.View("ü.weight").AsSpan().ToArray());
        Assert.Equal(RawFiles.Ramp(24), dense.View("a.bias").AsSpan().ToArray());
        Assert.Equal("pt", Assert.Single(dense.Metadata).Value);
        Assert.False(PackedCheckpoint.IsPacked(dense));
        using SafeTensorsFile packed = SafeTensorsFile.Open(Target);
        Assert.True(PackedCheckpoint.IsPacked(packed));
    }

    [Fact]
    public void VerifyFindsWhatIsNotTheSources()
    {
        Write(Target);
        using PackedCheckpoint file = PackedCheckpoint.Open(Target);
        Assert.All(Verify(s_plain.Dense, s_both.Dense, RawFiles.Ramp(24)), v => Assert.Null(v.Problem));

        // A pruned entry, which the packed file does not hold: only the hash tells.
        byte[] pruned = [.. s_plain.Dense];
        pruned[4 * Enumerable.Range(0, 18).First(i => !s_plain.Mask[0, i])] ^= 1;
        Assert.Equal(
            ["a.weight: it was not made from this tensor (SHA-256 differs).", "ü.weight: ", "a.bias: "],
            Verify(pruned, s_both.Dense, RawFiles.Ramp(24)).Select(v => $"{v.Name}: {v.Problem}"));
        Assert.Equal(
            ["a.weight: ", "ü.weight: ", "a.bias: its bytes differ."],
            Verify(s_plain.Dense, s_both.Dense, new byte[24]).Select(v => $"{v.Name}: {v.Problem}"));
        Assert.Contains("has no such tensor", Verify(s_plain.Dense, null, null)[1].Problem, StringComparison.Ordinal);
        Assert.Contains("it is BF16 [7, 45], in ", Verify(s_plain.Dense, s_both.Dense[2..], null)[1].Problem, StringComparison.Ordinal);

        IReadOnlyList<TensorVerification> Verify(byte[] a, byte[]? b, byte[]? bias)
        {
            List<(TensorInfo Info, byte[] Data)> tensors = [(s_plain.Info.Dense, a)];
            if (b is not null)
            {
                tensors.Add((new TensorInfo("ü.weight", DType.BF16, b.Length == 7 * 45 * 2 ? [7, 45] : [b.Length / 2]), b));
            }

            if (bias is not null)
            {
                tensors.Add((new TensorInfo("a.bias", DType.F32, 6), bias));
            }

            using SafeTensorsWriter writer = SafeTensorsWriter.Create(_folder["source"], tensors.Select(t => t.Info), durable: false);
            tensors.ForEach(t => writer.Write(t.Info.Name, t.Data));
            writer.Commit();
            using SafeTensorsFile source = SafeTensorsFile.Open(_folder["source"]);
            return file.Verify(source);
        }
    }

    [Theory]
    [InlineData(KeptScore.Magnitude, "its kept values are not the tensor's")]
    [InlineData(KeptScore.SparseGPT, null)]
    public void VerifyKnowsWhoMayChangeValues(KeptScore score, string? problem)
    {
        byte[] changed = [.. s_plain.Dense];
        int[] kept = [.. Enumerable.Range(0, 18).Where(i => s_plain.Mask[2, i])];
        foreach (int column in kept)
        {
            BitConverter.TryWriteBytes(changed.AsSpan(4 * ((2 * 18) + column)), 0.123f);
        }

        PackedLayerInfo info = s_plain.Info with { Score = score };
        using (PackedCheckpointWriter writer = PackedCheckpointWriter.Create(Target, [info], []))
        {
            writer.Write(PackedLayer.Pack(info, changed, s_plain.Mask, sourceHash: SHA256.HashData(s_plain.Dense)));
            writer.Commit();
        }

        using (SafeTensorsWriter writer = SafeTensorsWriter.Create(_folder["source"], [info.Dense]))
        {
            writer.Write("a.weight", s_plain.Dense);
            writer.Commit();
        }

        using PackedCheckpoint file = PackedCheckpoint.Open(Target);
        using SafeTensorsFile source = SafeTensorsFile.Open(_folder["source"]);
        TensorVerification result = Assert.Single(file.Verify(source));
        Assert.Equal(kept.Length, result.ChangedValues);
        Assert.Equal(problem is null ? null : $"{kept.Length} of {problem}.", result.Problem);
    }

    [Fact]
    public void GroupsThatKeepFewerVerifyToo()
    {
        PackedCase c = PackedCase.Make(new NMPattern(3, 8), DType.F32, 20, 30, 9, full: false);
        using (PackedCheckpointWriter writer = PackedCheckpointWriter.Create(Target, [c.Info], []))
        {
            writer.Write(c.Pack());
            writer.Commit();
        }

        using (SafeTensorsWriter writer = SafeTensorsWriter.Create(_folder["source"], [c.Info.Dense]))
        {
            writer.Write(c.Info.Name, c.Dense);
            writer.Commit();
        }

        using PackedCheckpoint file = PackedCheckpoint.Open(Target);
        using SafeTensorsFile source = SafeTensorsFile.Open(_folder["source"]);
        Assert.Equal(new TensorVerification(c.Info.Name, true, 0, null), Assert.Single(file.Verify(source)));
    }

    [Fact]
    public void TheWriterTakesOnlyWhatWasDeclared()
    {
        Assert.Throws<NMSparseCheckpointException>(() => Begin([s_plain.Info, s_plain.Info], []));
        Assert.Throws<NMSparseCheckpointException>(() => Begin([s_plain.Info], [new TensorInfo("a.weight", DType.U8, 1)]));
        Assert.Throws<NMSparseCheckpointException>(() => Begin([s_plain.Info], [new TensorInfo("x.nms.values", DType.U8, 1)]));
        Assert.Throws<NMSparseCheckpointException>(() => Begin([s_plain.Info with { Name = "x.nms.y" }], []));
        Assert.Throws<NMSparseCheckpointException>(() => Begin([s_plain.Info with { Pattern = default }], []));
        Assert.Throws<NMSparseCheckpointException>(() => Begin([s_plain.Info with { OutFeatures = 1 << 20, InFeatures = 1 << 20 }], []));
        Assert.Throws<NMSparseCheckpointException>(
            () => PackedCheckpointWriter.Create(Target, [], [], new Dictionary<string, string> { ["nms.version"] = "7" }));
        using (PackedCheckpointWriter writer = Begin([s_plain.Info, s_both.Info], []))
        {
            Assert.Throws<NMSparseCheckpointException>(
                () => writer.Write(PackedLayer.Pack(s_plain.Info, s_plain.Dense, s_plain.Mask, [0, 1, 2, 3, 4, 5])));
            Assert.Throws<NMSparseCheckpointException>(() => writer.Write(PackedCase.Make(new NMPattern(2, 4), DType.F32, 6, 18, 1).Pack()));
            writer.Write(s_both.Pack());
            Assert.Throws<NMSparseCheckpointException>(() => writer.Write(s_both.Pack()));
            Assert.Throws<NMSparseCheckpointException>(writer.Commit);
        }

        Assert.Empty(_folder.Files);

        PackedCheckpointWriter Begin(PackedLayerInfo[] layers, TensorInfo[] dense) => PackedCheckpointWriter.Create(Target, layers, dense);
    }

    private static void Write(string path)
    {
        using PackedCheckpointWriter writer = PackedCheckpointWriter.Create(
            path, [s_both.Info, s_plain.Info], [new TensorInfo("a.bias", DType.F32, 6)], new Dictionary<string, string> { ["format"] = "pt" });
        writer.Write(s_plain.Pack());
        writer.WriteDense("a.bias", RawFiles.Ramp(24));
        writer.Write(s_both.Pack());
        writer.Commit();
    }
}
