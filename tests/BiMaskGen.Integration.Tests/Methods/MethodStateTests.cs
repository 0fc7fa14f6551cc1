using System.Text.RegularExpressions;
using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Models;

namespace BiMaskGen.Integration.Tests.Methods;

/// <summary>A state of another method, shape, pattern, version or run is refused with what differs, and changes nothing.</summary>
public sealed class MethodStateTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string File => _folder.File("sparse");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Transposable", "DoublePruned", "the file's method is Transposable, the model's is DoublePruned")]
    [InlineData("Ste", "Continuous", "the file's method is Ste, the model's is Continuous")]
    [InlineData("Mask", "Structure", "the file's method is MaskDecay, the model's is StructureDecay")]
    public void AnotherMethod(string saved, string model, string problem)
    {
        Save(saved);
        Refused(model, problem);
    }

    [Fact]
    public void AnotherLengthOfTheRun()
    {
        Save("Structure");
        OneLayer model = OneLayer.Create("Structure");
        Sides.Model(model).SetTotalSteps(77);
        NMSparseStateException error = Assert.Throws<NMSparseStateException>(() => Sides.Model(model).LoadSparseState(File));
        Assert.Contains("the file's TotalSteps is 40, the model's is 77", error.Message, StringComparison.Ordinal);
        Assert.Equal((0, 77), (model.Side.Step, model.Side.TotalSteps!.Value));
    }

    [Theory]
    [InlineData("Transposable", "\"Mask\":\"[^\"]*\"", "\"Mask\":\"AAAA\"", "the mask has 3 bytes, one of [24, 40] has 192")]
    [InlineData("Transposable", "\"Mask\":\"[^\"]*\"", "\"Mask\":\"***\"", "the mask is not in base 64")]
    [InlineData("DoublePruned", "\"Mask\":\"..", "\"Mask\":\"//", "the mask keeps 4 in row 0 from column 0 on, not 2:4")]
    [InlineData("DoublePruned", "\"Mask\":\"(.{8})..", "\"Mask\":\"$1//", "the mask of [24, 40] has entries past its last column")]
    [InlineData("Continuous", "\"Scale\":[^,]*", "\"Scale\":0", "the scale is 0")]
    [InlineData("Ste", "\"Scale\":null", "\"Scale\":1.5", "the file has a scale, Ste has none")]
    [InlineData("Ste", "\"Mask\":null", "\"Mask\":\"AAAA\"", "the file has a mask, Ste keeps none")]
    [InlineData("Warm", "\"SearchedMask\":\"..", "\"SearchedMask\":\"//", "the mask keeps 4 in row 0 from column 0 on, not 2:4")]
    [InlineData("Structure", "\"TotalSteps\":40", "\"TotalSteps\":-40", "no valid clock")]
    [InlineData("Transposable", "\"MaskedAt\":10", "\"MaskedAt\":11", "no valid clock")]
    [InlineData("Transposable", "\"Version\":3", "\"Version\":4", "version 4, expected bimaskgen-sparse-state version 1 to 3")]
    public void DamagedContent(string method, string find, string replace, string problem)
    {
        Save(method);
        string text = System.IO.File.ReadAllText(File);
        Assert.Matches(find, text);
        System.IO.File.WriteAllText(File, new Regex(find).Replace(text, replace, 1));
        Refused(method, problem);
    }

    /// <summary>A mask that is 2:4 along in_features alone is none of a transposable layer.</summary>
    [Fact]
    public void AMaskThatIsNotTransposable()
    {
        Save("DoublePruned");
        string text = System.IO.File.ReadAllText(File);
        System.IO.File.WriteAllText(File, text.Replace("DoublePruned", "Transposable", StringComparison.Ordinal));
        OneLayer model = OneLayer.Create("Transposable");
        string message = Assert.Throws<NMSparseStateException>(() => Sides.Model(model).LoadSparseState(File)).Message;
        Assert.Matches("fc: the mask keeps [34] in column \\d+ from row \\d+ on, not 2:4", message);
    }

    [Fact]
    public void AFileOfTheFirstVersion_IsReadAsOneThatKeepsNothingElse()
    {
        Save("BiMask");
        string text = System.IO.File.ReadAllText(File);
        string old = Regex.Replace(text, "\"TotalSteps\":40,\"MaskedAt\":0,\"Mask\":null,\"SearchedMask\":null,\"Scale\":null,", "").Replace("\"Version\":3", "\"Version\":1", StringComparison.Ordinal);
        Assert.True(old.Length < text.Length - 40);
        System.IO.File.WriteAllText(File, old);
        OneLayer model = OneLayer.Create("BiMask", seed: 3);
        Sides.Model(model).LoadSparseState(File);
        Assert.Equal(10, model.Side.Step);
        Assert.NotNull(model.Side.Permutation);
    }

    private void Save(string method)
    {
        var run = new MethodRun(method);
        run.Steps(0, 11);
        Sides.Model(run.Model).SaveSparseState(File);
    }

    private void Refused(string method, string problem)
    {
        OneLayer model = OneLayer.Create(method, seed: 4);
        if (method == "Structure")
        {
            Sides.Model(model).SetTotalSteps(MethodRun.TotalSteps);
        }

        float[] before = model.Operand();
        Assert.Contains(problem, Assert.Throws<NMSparseStateException>(() => Sides.Model(model).LoadSparseState(File)).Message, StringComparison.Ordinal);
        Assert.Equal(0, model.Side.Step);
        Assert.Equal(before, model.Operand());
    }
}
