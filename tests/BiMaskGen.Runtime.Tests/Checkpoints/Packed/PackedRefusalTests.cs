using BiMaskGen.Checkpoints;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Checkpoints;

public sealed class PackedRefusalTests : IDisposable
{
    private const string Layer = "nms.layer.fc.weight";
    private const string Description = """{"shape":[2,6],"pattern":"2:4","method":"BiMask","score":"Magnitude"}""";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TheFileThatTheOthersDeviateFromIsRead()
    {
        using PackedCheckpoint file = PackedCheckpoint.Open(Write(Metadata(), Tensors()));
        byte[] dense = new byte[12];
        file.Read("fc.weight").Unpack(dense);
        Assert.Equal([1, 2, 0, 0, 3, 4, 0, 0, 5, 6, 7, 8], dense);
    }

    [Theory]
    [InlineData("nms.format", null, "no packed checkpoint: its tensors are dense")]
    [InlineData("nms.format", "other", "the format 'other' is unknown; 'bimaskgen.packed' was expected")]
    [InlineData("nms.version", null, "version '' of the packed format is unknown, 1 is")]
    [InlineData("nms.version", "2", "version '2' of the packed format is unknown")]
    [InlineData("nms.compression", "zip", "nms.compression: these metadata of the packed format are unknown")]
    [InlineData("nms.layer.other", Description, "other.nms.values: no such tensor")]
    [InlineData(Layer, null, "it is part of a packed layer that the metadata do not describe")]
    [InlineData(Layer, "", "not as the format wants it")]
    [InlineData(Layer, "null", "its shape is not [out_features, in_features]")]
    [InlineData(Layer, "[]", "not as the format wants it")]
    [InlineData(Layer, """{"shape":[2,6],"pattern":"2:4","method":"BiMask"}""", "not as the format wants it")]
    [InlineData(Layer, """{"shape":[2,6],"pattern":"2:4","method":"BiMask","score":null}""", "not as the format wants it")]
    [InlineData(Layer, """{"shape":[2,6],"pattern":"2:4","method":"BiMask","score":"Magnitude","axis":0}""", "not as the format wants it")]
    [InlineData(Layer, """{"shape":[2,6],"pattern":"2:4","method":"BiMask","score":"Magnitude","score":"Magnitude"}""", "not as the format wants it")]
    [InlineData(Layer, """{"shape":[2,6,1],"pattern":"2:4","method":"BiMask","score":"Magnitude"}""", "its shape is not")]
    [InlineData(Layer, """{"shape":[2,6e9],"pattern":"2:4","method":"BiMask","score":"Magnitude"}""", "not as the format wants it")]
    [InlineData(Layer, """{"shape":[0,6],"pattern":"2:4","method":"BiMask","score":"Magnitude"}""", "[0, 6] is no weight of a layer")]
    [InlineData(Layer, """{"shape":[2,-6],"pattern":"2:4","method":"BiMask","score":"Magnitude"}""", "[2, -6] is no weight of a layer")]
    [InlineData(Layer, """{"shape":[2,2147483647],"pattern":"2:4","method":"BiMask","score":"Magnitude"}""", "weights; one layer may have")]
    [InlineData(Layer, """{"shape":[2,7],"pattern":"2:4","method":"BiMask","score":"Magnitude"}""", "its content is not what was written")]
    [InlineData(Layer, """{"shape":[2,10],"pattern":"2:4","method":"BiMask","score":"Magnitude"}""", "it is U8 [2, 4]; a 2:4 layer [2, 10] needs U8 [2, 6]")]
    [InlineData(Layer, """{"shape":[4,6],"pattern":"2:4","method":"BiMask","score":"Magnitude"}""", "it is U8 [2, 4]; a 2:4 layer [4, 6] needs U8 [4, 4]")]
    [InlineData(Layer, """{"shape":[2,6],"pattern":"2:40","method":"BiMask","score":"Magnitude"}""", "the pattern '2:40' is none")]
    [InlineData(Layer, """{"shape":[2,6],"pattern":"4:4","method":"BiMask","score":"Magnitude"}""", "the pattern '4:4' is none")]
    [InlineData(Layer, """{"shape":[2,6],"pattern":" 2:4","method":"BiMask","score":"Magnitude"}""", "the pattern ' 2:4' is none")]
    [InlineData(Layer, """{"shape":[2,6],"pattern":"2:04","method":"BiMask","score":"Magnitude"}""", "the pattern '2:04' is none")]
    [InlineData(Layer, """{"shape":[2,6],"pattern":"0:0","method":"BiMask","score":"Magnitude"}""", "the pattern '0:0' is none")]
    [InlineData(Layer, """{"shape":[2,6],"pattern":"2:4:8","method":"BiMask","score":"Magnitude"}""", "the pattern '2:4:8' is none")]
    [InlineData(Layer, """{"shape":[2,6],"pattern":"2:4","method":"Magic","score":"Magnitude"}""", "the method 'Magic' is unknown")]
    [InlineData(Layer, """{"shape":[2,6],"pattern":"2:4","method":"0","score":"Magnitude"}""", "the method '0' is unknown")]
    [InlineData(Layer, """{"shape":[2,6],"pattern":"2:4","method":"bimask","score":"Magnitude"}""", "the method 'bimask' is unknown")]
    [InlineData(Layer, """{"shape":[2,6],"pattern":"2:4","method":"BiMask","score":"Given, Wanda"}""", "the score 'Given, Wanda' is unknown")]
    [InlineData(Layer, """{"shape":[2,6],"pattern":"2:4","method":"Ste","score":"Magnitude"}""", "its content is not what was written")]
    public void MetadataThatAreNotKnownAreRefused(string key, string? value, string message)
    {
        Dictionary<string, string> metadata = Metadata();
        metadata.Remove(key);
        if (value is not null)
        {
            metadata.Add(key, value);
        }

        var error = Assert.Throws<NMSparseCheckpointException>(() => Read(Write(metadata, Tensors())));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    // Of indices 0, 1 | 0, 1: two bits each.
    [InlineData(0b01_00_00_00, "row 0: the indices of group 0 do not ascend: 0 follows 0")]
    [InlineData(0b01_00_00_01, "row 0: the indices of group 0 do not ascend: 0 follows 1")]
    [InlineData(0b10_00_01_00, "row 0: an index of group 1 is 2, the group has 2 columns")]
    [InlineData(0b01_00_11_01, "its content is not what was written (SHA-256 differs)")]
    public void IndicesThatCannotBeAreRefused(byte indices, string message)
    {
        Dictionary<string, RawTensor> tensors = Tensors();
        tensors["fc.weight.nms.indices"].Data[0] = indices;
        var error = Assert.Throws<NMSparseCheckpointException>(() => Read(Write(Metadata(), tensors)));
        Assert.Equal("fc.weight", error.Key);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BitsBehindTheLastIndexAreRefused()
    {
        PackedCase c = PackedCase.Make(new NMPattern(1, 2), DType.U8, 1, 6, 1, permuted: false);
        string path = Written(c);
        byte[] bytes = File.ReadAllBytes(path);
        int place = bytes.AsSpan().LastIndexOf(c.Pack().Indices.ToArray());
        bytes[place] |= 0x80;
        var error = Assert.Throws<NMSparseCheckpointException>(() => Read(_folder.Write("b", bytes)));
        Assert.Contains("row 0: the bits behind the last index are not zero", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("permutation", 4)]
    [InlineData("channels", 8)]
    public void PermutationsThatAreNoneAreRefused(string part, int length)
    {
        PackedCase c = PackedCase.Make(new NMPattern(2, 4), DType.U8, 4, 8, 1, ordered: true);
        foreach (int? wrong in new int?[] { -1, length, int.MaxValue, null })
        {
            RawFile raw = ReferenceReaders.SafeTensors(File.ReadAllBytes(Written(c)))!;
            byte[] order = raw.Tensors[$"fc.weight.nms.{part}"].Data;
            BitConverter.TryWriteBytes(order, wrong ?? BitConverter.ToInt32(order, 4));
            var error = Assert.Throws<NMSparseCheckpointException>(() => Read(Write(raw.Metadata, raw.Tensors)));
            Assert.Contains($"is no permutation of {length}", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void PartsThatAreMissingTooManyOrOfAnotherTypeAreRefused()
    {
        foreach (string part in new[] { "values", "indices", "sha256" })
        {
            Dictionary<string, RawTensor> tensors = Tensors();
            tensors.Remove($"fc.weight.nms.{part}");
            Assert.Contains($"fc.weight.nms.{part}: no such tensor", Refused(tensors), StringComparison.Ordinal);
        }

        Assert.Contains("metadata do not describe", Refused(With("fc.weight.nms.scale", new("U8", [1], [1]))), StringComparison.Ordinal);
        Assert.Contains("metadata do not describe", Refused(With("other.nms.values", new("U8", [1], [1]))), StringComparison.Ordinal);
        Assert.Contains("the file holds it dense and packed", Refused(With("fc.weight", new("U8", [1], [1]))), StringComparison.Ordinal);
        Assert.Contains("needs I32 [2]", Refused(With("fc.weight.nms.permutation", new("I64", [2], new byte[16]))), StringComparison.Ordinal);
        Assert.Contains("needs I32 [6]", Refused(With("fc.weight.nms.channels", new("I32", [5], new byte[20]))), StringComparison.Ordinal);
        Assert.Contains("needs U8 [2, 32]", Refused(With("fc.weight.nms.sha256", new("U8", [64], new byte[64]))), StringComparison.Ordinal);
        Assert.Contains("elements of F4 are no whole bytes", Refused(With("fc.weight.nms.values", new("F4", [2, 4], new byte[4]))), StringComparison.Ordinal);

        string Refused(Dictionary<string, RawTensor> tensors) =>
            Assert.Throws<NMSparseCheckpointException>(() => Read(Write(Metadata(), tensors))).Message;
        static Dictionary<string, RawTensor> With(string name, RawTensor tensor) => new(Tensors()) { [name] = tensor };
    }

    [Fact]
    public void EveryChangedByteOfALayerIsNoticed()
    {
        PackedCase c = PackedCase.Make(new NMPattern(2, 4), DType.U8, 4, 8, 1, ordered: true);
        byte[] bytes = File.ReadAllBytes(Written(c));
        for (int place = 8 + (int)BitConverter.ToInt64(bytes); place < bytes.Length; place++)
        {
            byte[] changed = [.. bytes];
            changed[place] ^= 0x10;
            Assert.Throws<NMSparseCheckpointException>(() => Read(_folder.Write("b", changed)));
        }
    }

    private static Dictionary<string, string> Metadata() => new() { ["nms.format"] = "bimaskgen.packed", ["nms.version"] = "1", [Layer] = Description };

    /// <summary>2:4 over six columns, [1 2 . . 3 4], [. . 5 6 7 8].</summary>
    private static Dictionary<string, RawTensor> Tensors()
    {
        byte[] values = [1, 2, 3, 4, 5, 6, 7, 8], indices = [0b01_00_01_00, 0b01_00_11_10], source = new byte[32];
        byte[] content = System.Security.Cryptography.SHA256.HashData([.. System.Text.Encoding.UTF8.GetBytes(Description), .. source, .. values, .. indices]);
        return new()
        {
            ["fc.weight.nms.values"] = new("U8", [2, 4], values),
            ["fc.weight.nms.indices"] = new("U8", [2, 1], indices),
            ["fc.weight.nms.sha256"] = new("U8", [2, 32], [.. source, .. content]),
        };
    }

    private static void Read(string path)
    {
        using PackedCheckpoint file = PackedCheckpoint.Open(path);
        foreach (PackedLayerInfo layer in file.Layers)
        {
            file.Read(layer.Name);
        }
    }

    private string Written(PackedCase c)
    {
        using PackedCheckpointWriter writer = PackedCheckpointWriter.Create(_folder["packed"], [c.Info], [], durable: false);
        writer.Write(c.Pack());
        writer.Commit();
        return _folder["packed"];
    }

    private string Write(Dictionary<string, string> metadata, Dictionary<string, RawTensor> tensors)
    {
        long end = 0;
        var header = new System.Text.Json.Nodes.JsonObject { ["__metadata__"] = System.Text.Json.JsonSerializer.SerializeToNode(metadata) };
        foreach ((string name, RawTensor tensor) in tensors)
        {
            header[name] = System.Text.Json.JsonSerializer.SerializeToNode(
                new { dtype = tensor.DType, shape = tensor.Shape, data_offsets = new[] { end, end + tensor.Data.Length } });
            end += tensor.Data.Length;
        }

        return _folder.Write("raw", RawFiles.SafeTensors(header.ToJsonString(), [.. tensors.Values.SelectMany(t => t.Data)]));
    }
}
