using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Models;

namespace BiMaskGen.Integration.Tests.Methods;

/// <summary>What a method keeps while the weights change, and what ends it.</summary>
public sealed class KeptMaskTests
{
    [Fact]
    public void ATransposableMask_ChangesAtItsRefreshAlone()
    {
        var run = new MethodRun("Transposable");
        bool[]? before = null;
        var changes = new List<int>();
        for (int step = 0; step < 35; step++)
        {
            run.Model.Backward(step);
            bool[] mask = Mask(run.Model);
            if (before is not null && !before.SequenceEqual(mask))
            {
                changes.Add(step);
            }

            before = mask;

            // Enough to turn the order of magnitudes over.
            new Samples(step).Array(OneLayer.Out * OneLayer.In).CopyTo(Values.Raw(run.Model.Layer.weight));
        }

        Assert.Equal([10, 20, 30], changes);
    }

    [Fact]
    public void ADoublePrunedMask_NeverChanges_AndNeitherDoPrunedWeights()
    {
        var run = new MethodRun("DoublePruned");
        float[] start = Values.Of(run.Model.Layer.weight);
        run.Step(0);
        bool[] mask = Mask(run.Model);
        run.Steps(1, 60);
        Assert.Equal(mask, Mask(run.Model));
        float[] end = Values.Of(run.Model.Layer.weight);
        Assert.All(Enumerable.Range(0, mask.Length), i => Assert.True(mask[i] != (start[i] == end[i]), $"weight {i}: kept {mask[i]}"));
    }

    [Theory]
    [InlineData("Transposable")]
    [InlineData("DoublePruned")]
    [InlineData("Continuous")]
    public void LoadedWeights_GetWhatIsTheirs(string method)
    {
        var run = new MethodRun(method);
        run.Steps(0, 5);
        OneLayer other = OneLayer.Create(method, seed: 9);
        other.Backward(0);
        float[] expected = other.Operand();

        run.Model.load_state_dict(other.state_dict());
        Assert.Equal(expected, run.Model.Operand());
        run.Model.state_dict();
        Assert.Equal(expected, run.Model.Operand());
        run.Model.Backward(5);
        Assert.Equal(expected, run.Model.Operand());
    }

    [Theory]
    [InlineData("Transposable")]
    [InlineData("DoublePruned")]
    [InlineData("Continuous")]
    public void Evaluation_TakesWhatIsKept_AndKeepsNothing(string method)
    {
        // Before training there is nothing yet: what the weights give by themselves. The first training forward fixes the same.
        MethodRun run = new(method), quiet = new(method);
        float[] alone = run.Model.Operand();
        run.Model.Backward(0);
        Assert.Equal(alone, run.Model.Operand());
        run.Optimizer.step();
        run.Model.Operand();
        quiet.Step(0);
        Values.SameBits(quiet.Steps(1, 15), [.. Enumerable.Range(1, 14).Select(step => { run.Model.Operand(); return run.Step(step); })], "losses");
    }

    [Fact]
    public void AScaleThatDoesNotExist_IsAnErrorThatNamesTheLayer()
    {
        OneLayer model = OneLayer.Create("Continuous");
        Values.Raw(model.Layer.weight).Fill(0.5f);
        NMSparseValueException error = Assert.Throws<NMSparseValueException>(() => model.Backward(0));
        Assert.Equal(model.Side.Name, error.Layer);
        Assert.Contains("⟨S,S⟩", error.Message, StringComparison.Ordinal);

        // Weights that have one work afterwards.
        Values.Raw(model.Layer.weight)[0] = 2;
        model.Backward(0);
        Assert.Equal(0, model.Side.Step);
    }

    private static bool[] Mask(OneLayer model) => Array.ConvertAll(model.Operand(), w => w != 0);
}
