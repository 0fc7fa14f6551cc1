using System.Text.Json;
using BiMaskGen.Build.Tests.Harness;
using BiMaskGen.Build.Tests.Models;
using BiMaskGen.Checkpoints;
using BiMaskGen.Tool;

namespace BiMaskGen.Build.Tests.Cli;

public sealed class CommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Dense => _folder.File("model.safetensors");

    private string Packed => _folder.File("model.nms.safetensors");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Sparsify_by_the_attributes_of_a_compiled_model_and_back()
    {
        using Gpt model = new();
        CheckpointFiles.Write(Dense, 1, [.. model.state_dict().Select(s => (s.Key, s.Value.shape))]);

        JsonElement result = Json("sparsify", Dense, "-o", Packed, "-a", typeof(Gpt).Assembly.Location, "-m", "Gpt");

        Assert.Equal(
            ["blocks.0.<Out>k__BackingField.weight 1:4", "blocks.0.fc1.weight 2:4", "blocks.0.proj.weight 2:4"],
            result.GetProperty("layers").EnumerateArray().Select(l => $"{l.GetProperty("key")} {l.GetProperty("pattern")}").Where(l => l.Contains(".0.")).Order());
        Assert.All(result.GetProperty("layers").EnumerateArray(), l => Assert.InRange(l.GetProperty("keptMagnitude").GetDouble(), 0.3, 0.99));
        Assert.Empty(result.GetProperty("warnings").EnumerateArray());
        Assert.Equal(new FileInfo(Packed).Length, result.GetProperty("packedBytes").GetInt64());

        string back = _folder.File("back.safetensors");
        Json("densify", Packed, "-o", back);
        using TensorFile dense = TensorFile.Open(Dense), again = TensorFile.Open(back);
        Assert.Equal(dense.Tensors.Select(t => t.ToString()).Order(), again.Tensors.Select(t => t.ToString()).Order());
        float[] weight = dense.View("blocks.1.fc1.weight").AsSpan<float>().ToArray();
        Assert.Equal(CheckpointFiles.Masked(weight, 16, 2, 4), again.View("blocks.1.fc1.weight").AsSpan<float>().ToArray().Select(v => (double)v));
        Assert.True(Json("verify", Packed, Dense).GetProperty("same").GetBoolean());
    }

    [Fact]
    public void Sparsify_by_patterns_of_keys()
    {
        CheckpointFiles.Write(Dense, 1, ("a.fc.weight", [8, 16]), ("a.fc.bias", [8]), ("b.fc.weight", [8, 16]), ("b.emb.weight", [8, 16]));

        string output = Text("sparsify", Dense, "-o", Packed, "--layers", "**.fc.weight", "--pattern", "1:4", "--search", "Identity");

        Assert.Contains("a.fc.weight", output, StringComparison.Ordinal);
        using PackedCheckpoint packed = PackedCheckpoint.Open(Packed);
        Assert.Equal(["a.fc.weight", "b.fc.weight"], packed.Layers.Select(l => l.Name));
        Assert.All(packed.Layers, l => Assert.False(l.HasRowPermutation));
        Assert.Contains("b.emb.weight", Error(ExitCodes.Failed, "sparsify", Dense, "-o", Packed), StringComparison.Ordinal);
        Assert.Contains("no matrix", Error(ExitCodes.Failed, "sparsify", Dense, "-o", Packed, "-l", "fc.weight", "-p", "2:4"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_pattern_of_keys_meets_that_is_no_matrix_is_kept_and_named()
    {
        CheckpointFiles.Write(Dense, 1, ("a.fc.weight", [8, 16]), ("a.norm.weight", [16]));

        JsonElement result = Json("sparsify", Dense, "-o", Packed, "-l", "a.**.weight", "-p", "2:4");

        Assert.Equal("a.fc.weight", Assert.Single(result.GetProperty("layers").EnumerateArray()).GetProperty("key").GetString());
        Assert.StartsWith("a.norm.weight: ", Assert.Single(result.GetProperty("warnings").EnumerateArray()).GetString(), StringComparison.Ordinal);
        Assert.Contains("[16]", Error(ExitCodes.Failed, "sparsify", Dense, "-o", Packed, "-l", "a.norm.weight", "-p", "2:4"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Wanda", "input_squares")]
    [InlineData("SparseGpt", "input_gram")]
    [InlineData("SparseGpt", "input")]
    public void Sparsify_with_what_the_layers_saw(string method, string kind)
    {
        CheckpointFiles.Write(Dense, 1, ("fc.weight", [8, 16]));
        string calibration = WriteCalibration(kind);

        Json("sparsify", Dense, "-o", Packed, "-l", "fc.weight", "-p", "2:4", "--method", method, "--calibration", calibration);

        using PackedCheckpoint packed = PackedCheckpoint.Open(Packed);
        Assert.Equal(method, packed.Layers.Single().Score.ToString(), ignoreCase: true);
        JsonElement verified = Json("verify", Packed, Dense).GetProperty("tensors")[0];
        Assert.Equal(method == "SparseGpt", verified.GetProperty("changedValues").GetInt64() > 0);
        Assert.Contains("fc.input", Error(ExitCodes.Failed, "sparsify", Dense, "-o", Packed, "-l", "fc.weight", "-p", "2:4", "--method", method, "--calibration", Dense), StringComparison.Ordinal);
        Assert.Contains("calibration", Error(ExitCodes.Failed, "sparsify", Dense, "-o", Packed, "-l", "fc.weight", "-p", "2:4", "--method", method), StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_finds_another_source_and_says_so_with_its_exit_code()
    {
        CheckpointFiles.Write(Dense, 1, ("fc.weight", [8, 16]), ("fc.bias", [8]));
        Json("sparsify", Dense, "-o", Packed, "-l", "fc.weight", "-p", "2:4");
        string other = _folder.File("other.safetensors");
        CheckpointFiles.Write(other, 2, ("fc.weight", [8, 16]), ("fc.bias", [8]), ("more", [1]));

        (int code, string output, _) = Run("verify", Packed, other, "--json");

        Assert.Equal(ExitCodes.Different, code);
        using JsonDocument json = JsonDocument.Parse(output);
        Assert.False(json.RootElement.GetProperty("same").GetBoolean());
        Assert.Equal(3, json.RootElement.GetProperty("tensors").EnumerateArray().Count(t => t.GetProperty("problem").ValueKind == JsonValueKind.String));
    }

    [Fact]
    public void Inspect_tells_packed_layers_and_what_is_sparse_already_and_along_which_axis()
    {
        Dictionary<string, float[]> values = CheckpointFiles.Write(Dense, 1, ("plain.weight", [16, 16]), ("fc.weight", [16, 16]), ("fc.bias", [16]));
        Json("sparsify", Dense, "-o", Packed, "-l", "fc.weight", "-p", "1:4");
        string back = _folder.File("back.safetensors");
        Json("densify", Packed, "-o", back);

        JsonElement layer = Json("inspect", Packed).GetProperty("layers")[0];
        Assert.Equal("fc.weight", layer.GetProperty("key").GetString());
        Assert.Equal("1:4", layer.GetProperty("pattern").GetString());
        Assert.True(layer.GetProperty("rowPermutation").GetBoolean());

        JsonElement[] tensors = [.. Json("inspect", back).GetProperty("tensors").EnumerateArray()];
        JsonElement sparse = tensors.Single(t => t.GetProperty("key").GetString() == "fc.weight");
        Assert.Equal("1:4", sparse.GetProperty("alongInFeatures").GetString());
        Assert.Equal(0.75, sparse.GetProperty("zeros").GetDouble(), 6);
        JsonElement plain = tensors.Single(t => t.GetProperty("key").GetString() == "plain.weight");
        Assert.Equal(JsonValueKind.Null, plain.GetProperty("alongInFeatures").ValueKind);
        Assert.Equal(JsonValueKind.Null, plain.GetProperty("alongOutFeatures").ValueKind);
        Assert.Contains("1:4", Text("inspect", back), StringComparison.Ordinal);
        Assert.NotEmpty(values);
    }

    [Fact]
    public void Convert_goes_through_every_format_bit_by_bit()
    {
        CheckpointFiles.Write(Dense, 1, ("fc.weight", [8, 16]), ("fc.bias", [8]));
        Json("sparsify", Dense, "-o", Packed, "-l", "fc.weight", "-p", "2:4", "--search", "Identity");
        string first = _folder.File("first.safetensors"), dat = _folder.File("model.dat"), bits = _folder.File("bits.safetensors");
        string packedAgain = _folder.File("again.nms.safetensors"), last = _folder.File("last.safetensors");

        Json("convert", Packed, "-o", first);
        Json("convert", Packed, "-o", dat);
        Json("convert", Packed, "-o", bits, "--to", "bitmask24");
        Json("convert", bits, "-o", packedAgain);
        Json("convert", dat, "-o", last);
        Assert.Equal(File.ReadAllBytes(first), File.ReadAllBytes(last));
        Json("convert", packedAgain, "-o", last);
        Assert.Equal(File.ReadAllBytes(first), File.ReadAllBytes(last));

        Assert.Contains("sparsify", Error(ExitCodes.Failed, "convert", first, "-o", Packed), StringComparison.Ordinal);
        Assert.Contains("ending", Error(ExitCodes.Failed, "convert", first, "-o", _folder.File("x.bin")), StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.GetFiles(_folder.Path), f => f.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public void Doctor_and_bench_tell_of_this_machine()
    {
        JsonElement doctor = Json("doctor");
        Assert.Contains(doctor.GetProperty("cpu").GetProperty("vectorBits").GetInt32(), new[] { 32, 128, 256, 512 });
        Assert.Contains(doctor.GetProperty("kernels").EnumerateArray(), k => k.GetProperty("pattern").GetString() == "2:4" && k.GetProperty("batch").GetInt32() == 1);
        Assert.All(doctor.GetProperty("libraries").EnumerateArray(), l => Assert.NotEmpty(l.GetProperty("tried").EnumerateArray()));
        Assert.Contains("cuSPARSELt", Text("doctor"), StringComparison.Ordinal);

        JsonElement bench = Json("bench", "--shape", "32x64", "-p", "1:4", "-b", "1,3");
        Assert.Equal([1, 3], bench.EnumerateArray().Select(b => b.GetProperty("batch").GetInt32()));
        Assert.All(bench.EnumerateArray(), b => Assert.True(b.GetProperty("packedMicroseconds").GetDouble() > 0));
        Assert.Contains("3:7", Error(ExitCodes.Failed, "bench", "--shape", "32x64", "-p", "3:7"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("sparsify")]
    [InlineData("convert", "/no/such/file", "-o", "x")]
    [InlineData("bench", "-b", "0")]
    [InlineData("completion", "cmd")]
    public void A_wrong_command_line_is_told_from_work_that_failed(params string[] arguments) => Assert.NotEqual("", Error(ExitCodes.Usage, arguments));

    [Fact]
    public void Errors_are_json_too()
    {
        File.WriteAllText(Dense, "no checkpoint");
        (int code, string output, string error) = Run("inspect", Dense, "--json");
        Assert.Equal(ExitCodes.Failed, code);
        using JsonDocument json = JsonDocument.Parse(output);
        Assert.Contains(Dense, json.RootElement.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal("", error);
    }

    [Fact]
    public void The_command_completes_itself()
    {
        Assert.Contains("sparsify", Text("[suggest:2]", "sp"), StringComparison.Ordinal);
        Assert.Contains("--permute-channels", Text("[suggest:20]", "sparsify --permute"), StringComparison.Ordinal);
        foreach (string shell in new[] { "bash", "zsh", "fish", "pwsh" })
        {
            Assert.Contains("[suggest:", Text("completion", shell), StringComparison.Ordinal);
        }
    }

    private string WriteCalibration(string kind)
    {
        string file = _folder.File("calibration.safetensors");
        const int features = 16, samples = 40;
        Dictionary<string, float[]> inputs = CheckpointFiles.Write(_folder.File("inputs.safetensors"), 5, ("fc.input", [4, samples / 4, features]));
        float[] x = inputs["fc.input"];
        if (kind == "input")
        {
            return _folder.File("inputs.safetensors");
        }

        float[] gram = new float[features * features];
        for (int i = 0; i < gram.Length; i++)
        {
            gram[i] = (float)Enumerable.Range(0, samples).Sum(s => (double)x[(s * features) + (i / features)] * x[(s * features) + (i % features)]);
        }

        float[] values = kind == "input_gram" ? gram : [.. Enumerable.Range(0, features).Select(i => gram[(i * features) + i])];
        using SafeTensorsWriter writer = SafeTensorsWriter.Create(
            file, [new TensorInfo("fc." + kind, DType.F32, kind == "input_gram" ? [features, features] : [features])], durable: false);
        writer.Write("fc." + kind, System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()));
        writer.Commit();
        return file;
    }

    private static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        int code = Commands.Run(arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }

    private static string Text(params string[] arguments)
    {
        (int code, string output, string error) = Run(arguments);
        Assert.True(code == 0, $"exit code {code}\n{output}{error}");
        return output;
    }

    private static JsonElement Json(params string[] arguments) => JsonDocument.Parse(Text([.. arguments, "--json"])).RootElement;

    private static string Error(int expected, params string[] arguments)
    {
        (int code, string output, string error) = Run(arguments);
        Assert.True(code == expected, $"exit code {code}\n{output}{error}");
        return error;
    }
}
