using BiMaskGen.Build.Tests.Harness;
using BiMaskGen.Checkpoints;

namespace BiMaskGen.Build.Tests.Builds;

/// <summary>What a build says where something is wrong: file, code, key, in the compiler's format.</summary>
[Collection(nameof(Builds))]
public sealed class BuildMessageTests : IDisposable
{
    private readonly Consumer _consumer = new();

    public void Dispose() => _consumer.Dispose();

    [Fact]
    public void All_that_is_wrong_with_a_checkpoint_is_said_at_once_and_what_was_built_before_stays()
    {
        _consumer.Build().Succeeded();
        byte[] before = File.ReadAllBytes(_consumer.Packed);

        CheckpointFiles.Write(
            _consumer.Checkpoint, 1,
            ("fc1.weight", [32, 12]), ("fc1.bias", [32]), ("fc3.weight", [16, 32]), ("fc2.bias", [16]), ("head.weight", [4, 16]), ("head.bias", [4]));
        ProcessResult build = _consumer.Build();

        Assert.NotEqual(0, build.ExitCode);
        Assert.Matches(Line("error BIMASK006: fc1\\.weight: the checkpoint has F32 \\[32, 12\\], Demo\\.Net\\.fc1 has \\[32, 16\\]"), build.All);
        Assert.Matches(Line("error BIMASK005: fc2\\.weight: .*Demo\\.Net\\.fc2.*fc3\\.weight"), build.All);
        Assert.Matches(Line("warning BIMASK009: fc3\\.weight"), build.All);
        Assert.Equal(before, File.ReadAllBytes(_consumer.Packed));

        // Weights that are no floats; then a NaN, which only the work itself finds; then a file that is none.
        CheckpointFiles.Write(
            _consumer.Checkpoint, 1, DType.I32,
            ("fc1.weight", [32, 16]), ("fc1.bias", [32]), ("fc2.weight", [16, 32]), ("fc2.bias", [16]), ("head.weight", [4, 16]), ("head.bias", [4]));
        Assert.Matches(Line("error BIMASK007: fc1\\.weight: I32 \\[32, 16\\]"), _consumer.Build().All);

        _consumer.WriteCheckpoint(1);
        byte[] file = File.ReadAllBytes(_consumer.Checkpoint);
        BitConverter.GetBytes(float.NaN).CopyTo(file, file.Length - sizeof(float) * ((32 * 16) + 4 + 64));
        File.WriteAllBytes(_consumer.Checkpoint, file);
        Assert.Matches(Line("error BIMASK008: fc[12]\\.weight: .*NaN"), _consumer.Build().All);

        File.WriteAllText(_consumer.Checkpoint, "no checkpoint");
        Assert.Matches(Line("error BIMASK004: "), _consumer.Build().All);
        Assert.Equal(before, File.ReadAllBytes(_consumer.Packed));
    }

    [Fact]
    public void Items_that_cannot_be_built_are_refused_before_anything_runs()
    {
        _consumer.WriteProject("app", """<NMSparseCheckpoint Include="model.safetensors" />""");
        Assert.Contains("error BIMASK002: say which class the checkpoint is of", _consumer.Build().All, StringComparison.Ordinal);

        _consumer.WriteProject("app", """<NMSparseCheckpoint Include="gone.safetensors" Model="Demo.Net" />""");
        Assert.Matches("gone\\.safetensors ?: error BIMASK002: the checkpoint does not exist", _consumer.Build().All);

        _consumer.WriteProject("app", """<NMSparseCheckpoint Include="model.safetensors" Model="Demo.Nett" />""");
        ProcessResult build = _consumer.Build();
        Assert.Matches("model\\.safetensors ?: error BIMASK003: No module class is named Demo\\.Nett", build.All);
        Assert.Contains("Demo.Net.", build.All, StringComparison.Ordinal);

        _consumer.WriteProject("app", """
            <NMSparseCheckpoint Include="model.safetensors" Model="Demo.Net" />
            <NMSparseCheckpoint Include="other/model.safetensors" Model="Demo.Net" />
            """);
        Directory.CreateDirectory(Path.Combine(_consumer.Folder, "app/other"));
        File.Copy(_consumer.Checkpoint, Path.Combine(_consumer.Folder, "app/other/model.safetensors"));
        Assert.Contains("error BIMASK002: two NMSparseCheckpoint items would write the same file", _consumer.Build().All, StringComparison.Ordinal);

        _consumer.WriteProject("app", """<NMSparseCheckpoint Include="model.safetensors" Model="Demo.Net" Method="Best" />""");
        Assert.Matches("error BIMASK002: Method=Best: expected Magnitude, Wanda, SparseGpt", _consumer.Build().All);
    }

    private string Line(string message) => System.Text.RegularExpressions.Regex.Escape(_consumer.Checkpoint) + " ?: " + message;
}
