using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Models;

namespace BiMaskGen.Integration.Tests.State;

public sealed class StateFileTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Mlp _saved = Mlp.Create(1);
    private readonly string _file;

    public StateFileTests()
    {
        _file = _folder.File("sparse.json");
        Use(_saved);
        _saved.SetStep(42);
        _saved.SaveSparseState(_file);
    }

    public static TheoryData<string, string, string> Damages { get; } = new()
    {
        { "pattern", "\"2:4\"", "\"2:8\"" },
        { "method", "\"BiMask\"", "\"Ste\"" },
        { "shape", "\"OutFeatures\":70", "\"OutFeatures\":71" },
        { "version", "\"Version\":3", "\"Version\":4" },
        { "format", "bimaskgen-sparse-state", "another-format" },
        { "step", "\"Step\":42", "\"Step\":-1" },
        { "type", "\"Step\":42", "\"Step\":\"many\"" },
        { "unknown key", "\"Step\":42", "\"Steps\":42" },
        { "layer", "\"fc2\"", "\"fc9\"" },
    };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void RoundTrip_BringsClockAndPermutation()
    {
        Mlp loaded = Mlp.Create(2);
        loaded.LoadSparseState(_file);
        foreach (string layer in new[] { "fc1", "fc2" })
        {
            Assert.Equal(42, Sides.Of(loaded, layer).Step);
            Assert.Equal(Sides.Of(_saved, layer).Permutation, Sides.Of(loaded, layer).Permutation);
            Assert.NotNull(Sides.Of(loaded, layer).Permutation);
        }
    }

    [Fact]
    public void SavingTwice_LeavesOneFileWithTheSameBytes()
    {
        byte[] first = File.ReadAllBytes(_file);
        _saved.SaveSparseState(_file);
        Assert.Equal(first, File.ReadAllBytes(_file));
        Assert.Equal([_file], Directory.GetFiles(_folder.Path));
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public void WrongContent_IsRefusedWhole(string what, string before, string after)
    {
        // The last occurrence, so that the first layer would be right.
        string text = File.ReadAllText(_file).Replace(" ", "", StringComparison.Ordinal);
        int place = text.LastIndexOf(before, StringComparison.Ordinal);
        Assert.True(place >= 0, $"{what}: {before} is not in the file: {text}");
        File.WriteAllText(_file, text[..place] + after + text[(place + before.Length)..]);
        AssertRefused(Mlp.Create(3));
    }

    [Fact]
    public void PermutationThatIsNone_IsRefused()
    {
        int[] permutation = Sides.Of(_saved, "fc2").Permutation!;
        string good = string.Join(',', permutation);
        permutation[1] = permutation[0];
        string text = File.ReadAllText(_file).ReplaceLineEndings("").Replace(" ", "", StringComparison.Ordinal);
        Assert.Contains(good, text);
        File.WriteAllText(_file, text.Replace(good, string.Join(',', permutation), StringComparison.Ordinal));
        AssertRefused(Mlp.Create(3));
    }

    [Fact]
    public void EveryTruncation_IsRefused()
    {
        byte[] bytes = File.ReadAllBytes(_file);
        for (int length = 0; length < bytes.Length; length += 1 + (bytes.Length / 50))
        {
            File.WriteAllBytes(_file, bytes[..length]);
            AssertRefused(Mlp.Create(3));
        }
    }

    [Theory]
    [InlineData(typeof(OtherPattern))]
    [InlineData(typeof(OtherShape))]
    [InlineData(typeof(FewerLayers))]
    [InlineData(typeof(MoreLayers))]
    public void StateOfAnotherModel_IsRefusedWhole(Type model) =>
        AssertRefused(Assert.IsAssignableFrom<Module<Tensor, Tensor>>(Activator.CreateInstance(model)));

    private void AssertRefused(Module<Tensor, Tensor> module)
    {
        INMSparseModel model = Sides.Model(module);
        Use(module);
        var before = model.SparseLayers.Select(l => (l.Name, l.Layer.Step, Permutation: l.Layer.Permutation!)).ToArray();
        Assert.Throws<NMSparseStateException>(() => model.LoadSparseState(_file));
        foreach (var (name, step, permutation) in before)
        {
            Assert.Equal(step, Sides.Of(module, name).Step);
            Assert.Equal(permutation, Sides.Of(module, name).Permutation);
        }
    }

    private static void Use(Module<Tensor, Tensor> model) => model.call(new Samples(1).Tensor(4, 50)).sum().backward();
}
