using BiMaskGen.Patterns;
using BiMaskGen.Training;
using Xunit;

namespace BiMaskGen.Runtime.Tests.State;

public sealed class SparseStateFileTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"bimask-{Guid.NewGuid():N}.json");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void RoundTrip()
    {
        SparseLayer saved = Layer(permutation: [2, 0, 1, 3, 4, 5, 7, 6], step: 120);
        SparseStateFile.Save(_path, [("a.fc", saved)]);
        SparseLayer read = Layer();
        SparseStateFile.Load(_path, [("a.fc", read)]);
        Assert.Equal(120, read.Step);
        Assert.Equal([2, 0, 1, 3, 4, 5, 7, 6], read.Permutation!);
        Assert.Empty(Directory.GetFiles(Path.GetTempPath(), Path.GetFileName(_path) + ".*.tmp"));
    }

    [Fact]
    public void AnotherShapeIsRefused_AndNothingApplied()
    {
        SparseStateFile.Save(_path, [("a", Layer(permutation: [1, 0, 2, 3, 4, 5, 6, 7], step: 5)), ("b", Layer(rows: 16, step: 7))]);
        SparseLayer a = Layer(), b = Layer();
        var error = Assert.Throws<NMSparseStateException>(() => SparseStateFile.Load(_path, [("a", a), ("b", b)]));
        Assert.Contains("b: the file's shape is [16, 8], the model's is [8, 8]", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, a.Step);
        Assert.Null(a.Permutation);
    }

    [Theory]
    [InlineData("\"version\"", "no JSON")]
    [InlineData("\"Version\":3", "\"Version\":9")]
    [InlineData("\"Pattern\":\"2:4\"", "\"Pattern\":\"1:4\"")]
    [InlineData("\"Method\":\"BiMask\"", "\"Method\":\"Ste\"")]
    [InlineData("[1,0,2,", "[1,1,2,")]
    [InlineData("[1,0,2,", "[1,0,")]
    [InlineData("\"Step\":5", "\"Step\":-5")]
    [InlineData("\"Step\":5", "\"Stride\":5")]
    [InlineData("\"a\":", "\"z\":")]
    public void ADamagedOrForeignFileIsRefused(string find, string replace)
    {
        SparseStateFile.Save(_path, [("a", Layer(permutation: [1, 0, 2, 3, 4, 5, 6, 7], step: 5))]);
        string text = File.ReadAllText(_path);
        string broken = text.Contains(find, StringComparison.Ordinal) ? text.Replace(find, replace, StringComparison.Ordinal) : replace;
        Assert.NotEqual(text, broken);
        File.WriteAllText(_path, broken);
        SparseLayer layer = Layer();
        Assert.Throws<NMSparseStateException>(() => SparseStateFile.Load(_path, [("a", layer)]));
        Assert.Equal(0, layer.Step);
    }

    [Fact]
    public void EveryTruncationIsRefused()
    {
        SparseStateFile.Save(_path, [("a", Layer(permutation: [1, 0, 2, 3, 4, 5, 6, 7], step: 5))]);
        byte[] whole = File.ReadAllBytes(_path);
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(_path, whole[..length]);
            Assert.Throws<NMSparseStateException>(() => SparseStateFile.Load(_path, [("a", Layer())]));
        }
    }

    [Fact]
    public void ALayerThatTheModelLacksIsRefused()
    {
        SparseStateFile.Save(_path, [("a", Layer()), ("b", Layer())]);
        var error = Assert.Throws<NMSparseStateException>(() => SparseStateFile.Load(_path, [("a", Layer())]));
        Assert.Contains("b is not in the model", error.Message, StringComparison.Ordinal);
    }

    private static SparseLinear<Pattern2x4> Layer(int[]? permutation = null, long step = 0, int rows = 8)
    {
        var layer = new SparseLinear<Pattern2x4>(new SparseLayerOptions { Name = "Test.fc", Pattern = new(2, 4) }, rows, 8);
        LayerState state = layer.ExportState();
        layer.ImportState(new LayerState
        {
            Pattern = state.Pattern,
            Method = state.Method,
            OutFeatures = rows,
            InFeatures = 8,
            Step = step,
            Permutation = permutation,
        });
        return layer;
    }
}
