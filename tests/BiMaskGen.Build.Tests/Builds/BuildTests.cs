using BiMaskGen.Build.Tests.Harness;
using BiMaskGen.Checkpoints;

namespace BiMaskGen.Build.Tests.Builds;

/// <summary>A project's build from the command line, one step of its life after the other: each build takes seconds.</summary>
[Collection(nameof(Builds))]
public sealed class BuildTests : IDisposable
{
    private const string Progress = "fc1.weight [32, 16] F32";

    private readonly Consumer _consumer = new();

    public void Dispose() => _consumer.Dispose();

    [Fact]
    public void A_build_packs_and_the_program_computes_with_it_and_what_did_not_change_is_not_done_again()
    {
        // The first build packs, and packed inference is the masked dense product.
        ProcessResult build = _consumer.Build().Succeeded();
        Assert.Contains(Progress + " 2:4", build.Output, StringComparison.Ordinal);
        Assert.Equal(new NMPattern(2, 4), PatternOf("fc1.weight"));
        Close(Expected(2, 4), _consumer.Run());

        // The second does nothing.
        DateTime packed = File.GetLastWriteTimeUtc(_consumer.Packed), manifest = Manifest();
        build = _consumer.Build().Succeeded();
        Assert.DoesNotContain(Progress, build.Output, StringComparison.Ordinal);
        Assert.Equal(packed, File.GetLastWriteTimeUtc(_consumer.Packed));

        // Neither does one after an edit that says nothing new of the model, though the assembly is another.
        File.AppendAllText(_consumer.Source, "\npublic static class More { public const int Number = 1; }\n");
        build = _consumer.Build().Succeeded();
        Assert.DoesNotContain(Progress, build.Output, StringComparison.Ordinal);
        Assert.Equal(manifest, Manifest());

        // Another attribute packs anew, and so does another checkpoint.
        File.WriteAllText(_consumer.Source, File.ReadAllText(_consumer.Source).Replace("[NMSparse(2, 4)]", "[NMSparse(1, 4)]", StringComparison.Ordinal));
        build = _consumer.Build().Succeeded();
        Assert.Contains(Progress + " 1:4", build.Output, StringComparison.Ordinal);
        _consumer.WriteCheckpoint(2);
        build = _consumer.Build().Succeeded();
        Assert.Contains(Progress + " 1:4", build.Output, StringComparison.Ordinal);
        Assert.Equal(new NMPattern(1, 4), PatternOf("fc2.weight"));
        Close(Expected(1, 4), _consumer.Run());

        // Touching the checkpoint is enough.
        File.SetLastWriteTimeUtc(_consumer.Checkpoint, DateTime.UtcNow);
        Assert.Contains(Progress, _consumer.Build().Succeeded().Output, StringComparison.Ordinal);

        // Clean leaves nothing.
        Assert.True(File.Exists(_consumer.Packed));
        Processes.Run(_consumer.Folder, "dotnet", "clean", "app/app.csproj", "-c", "Release").Succeeded();
        Assert.False(File.Exists(_consumer.Packed));
        Assert.Empty(Directory.Exists(_consumer.Intermediate("")) ? Directory.GetFiles(_consumer.Intermediate("")) : []);
    }

    [Fact]
    public void Five_projects_of_a_solution_build_in_parallel()
    {
        string[] names = ["a", "b", "c", "d", "e"];
        foreach (string name in names)
        {
            _consumer.WriteProject(name, """<NMSparseCheckpoint Include="../app/model.safetensors" Model="Net" OutputName="model" />""");
        }

        File.WriteAllText(
            Path.Combine(_consumer.Folder, "all.slnx"), $"<Solution>{string.Concat(names.Select(n => $"<Project Path=\"{n}/{n}.csproj\" />"))}</Solution>");
        _consumer.Build("all.slnx", "-m").Succeeded();

        byte[][] packed = [.. names.Select(n => File.ReadAllBytes(Path.Combine(_consumer.Folder, n, "bin/Release/net10.0/model.nms.safetensors")))];
        Assert.All(packed, p => Assert.Equal(packed[0], p));
    }

    private DateTime Manifest() => File.GetLastWriteTimeUtc(_consumer.Intermediate("model.manifest.json"));

    private NMPattern PatternOf(string key)
    {
        using PackedCheckpoint packed = PackedCheckpoint.Open(_consumer.Packed);
        return packed.Layers.Single(l => l.Name == key).Pattern;
    }

    private double[] Expected(int n, int m)
    {
        double[] x = [.. Enumerable.Range(0, 48).Select(i => (double)((i % 7) - 3))];
        double[] h = Layer(x, "fc1", 16, n, m, relu: true);
        return Layer(Layer(h, "fc2", 32, n, m, relu: false), "head", 16, 1, 1, relu: false);
    }

    private double[] Layer(double[] x, string name, int columns, int n, int m, bool relu)
    {
        double[] weight = CheckpointFiles.Masked(_consumer.Values[name + ".weight"], columns, n, m);
        float[] bias = _consumer.Values[name + ".bias"];
        int rows = x.Length / columns;
        double[] y = new double[rows * bias.Length];
        for (int i = 0; i < y.Length; i++)
        {
            int row = i / bias.Length, o = i % bias.Length;
            double sum = bias[o] + Enumerable.Range(0, columns).Sum(c => x[(row * columns) + c] * weight[(o * columns) + c]);
            y[i] = relu ? Math.Max(0, sum) : sum;
        }

        return y;
    }

    private static void Close(double[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        double bound = 1e-5 * expected.Max(Math.Abs);
        Assert.All(expected.Zip(actual), p => Assert.InRange(p.Second, p.First - bound, p.First + bound));
    }
}
