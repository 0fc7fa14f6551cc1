using System.Text.RegularExpressions;
using BiMaskGen.Patterns;
using BiMaskGen.Training;
using Xunit;

namespace BiMaskGen.Runtime.Tests.State;

/// <summary>A state that does not fit is refused with what differs: what the file has and what the model has.</summary>
public sealed class StateMessageTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"bimask-{Guid.NewGuid():N}.json");

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData("\"Pattern\":\"2:4\"", "\"Pattern\":\"1:4\"", "fc: the file's pattern is 1:4, the model's is 2:4.")]
    [InlineData("\"Method\":\"BiMask\"", "\"Method\":\"Ste\"", "fc: the file's method is Ste, the model's is BiMask.")]
    [InlineData("\"InFeatures\":8", "\"InFeatures\":12", "fc: the file's shape is [8, 12], the model's is [8, 8].")]
    [InlineData("\"Permutation\":null", "\"Permutation\":[0,1,2]", "fc: the permutation of 3 rows is no permutation of 8 rows.")]
    [InlineData("\"Permutation\":null", "\"Permutation\":[0,1,2,3,4,5,6,6]", "fc: the permutation of 8 rows is no permutation of 8 rows.")]
    [InlineData("\"Mask\":null", "\"Mask\":\"AAAAAAAAAAA=\"", "fc: the file has a mask, BiMask keeps none.")]
    [InlineData("\"SearchedMask\":null", "\"SearchedMask\":\"AAAA\"", "fc: the mask has 3 bytes, one of [8, 8] has 64.")]
    [InlineData("\"Scale\":null", "\"Scale\":1.5", "fc: the file has a scale, BiMask has none.")]
    [InlineData("\"FoundPermutation\":null", "\"FoundPermutation\":[0,1,2]", "fc: the permutation of 3 rows is no permutation of 8 rows.")]
    [InlineData("\"FoundPermutation\":null", "\"FoundPermutation\":[0,1,2,3,4,5,6,7]", "fc: the permutation that was searched at step 0 holds from step 0: no valid clock.")]
    [InlineData("\"PermutedAt\":0", "\"PermutedAt\":9", "fc: step 0 of ?, permutation of step 9, mask of step 0: no valid clock.")]
    [InlineData("\"fc\":", "\"fc9\":", "no state for the layer fc (Test.fc).")]
    [InlineData("\"Format\":\"bimaskgen-sparse-state\"", "\"Format\":\"other\"", "format other version ")]
    [InlineData("\"Version\":\\d+", "\"Version\":99", "format bimaskgen-sparse-state version 99, expected bimaskgen-sparse-state version 1 to ")]
    [InlineData("\"Step\":0", "\"Stride\":0", "no sparse state: ")]
    public void TheMessageSaysWhatDiffers(string find, string replace, string problem)
    {
        SparseStateFile.Save(_path, [("fc", Layer())]);
        string text = File.ReadAllText(_path), pattern = find.Contains('\\', StringComparison.Ordinal) ? find : Regex.Escape(find);
        Assert.Single(Regex.Matches(text, pattern));
        File.WriteAllText(_path, Regex.Replace(text, pattern, replace));
        SparseLayer layer = Layer();
        var error = Assert.Throws<NMSparseStateException>(() => SparseStateFile.Load(_path, [("fc", layer)]));
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Null(layer.Permutation);
    }

    [Fact]
    public void AnotherLengthOfTheRun_IsNamedWithTheWayOut()
    {
        SparseLayer saved = Layer(), model = Layer();
        (saved.TotalSteps, model.TotalSteps) = (40, 77);
        SparseStateFile.Save(_path, [("fc", saved)]);
        var error = Assert.Throws<NMSparseStateException>(() => SparseStateFile.Load(_path, [("fc", model)]));
        Assert.Contains("fc: the file's TotalSteps is 40, the model's is 77", error.Message, StringComparison.Ordinal);
        Assert.Contains("model.SetTotalSteps(40)", error.Message, StringComparison.Ordinal);
    }

    private static SparseLinear<Pattern2x4> Layer() => new(new SparseLayerOptions { Name = "Test.fc", Pattern = new(2, 4) }, 8, 8);
}
