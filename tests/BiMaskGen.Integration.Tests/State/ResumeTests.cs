using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Models;

namespace BiMaskGen.Integration.Tests.State;

public sealed class ResumeTests
{
    private const int More = 30;

    // Before the first step, in the middle of a period between two searches, and where a search is due.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(11)]
    [InlineData(14)]
    public void ResumedRun_GoesOnBitForBit(int stop)
    {
        using var kernels = new KernelModeScope(KernelMode.Sparse);
        using var folder = new TempFolder();
        var run = new TrainingRun();
        for (int step = 0; step < stop; step++)
        {
            run.Step(step);
        }

        run.Save(folder);
        float[] uninterrupted = Continue(run, stop);

        var resumed = new TrainingRun();
        resumed.Load(folder);
        Values.SameBits(uninterrupted, Continue(resumed, stop), "losses");
        Values.SameParameters(run.Model, resumed.Model, "after the resumed run");
        foreach (string layer in new[] { "fc1", "fc2" })
        {
            Assert.Equal(Sides.Of(run.Model, layer).Step, Sides.Of(resumed.Model, layer).Step);
            Assert.Equal(stop + More - 1, Sides.Of(run.Model, layer).Step);
            Assert.Equal(Sides.Of(run.Model, layer).Permutation, Sides.Of(resumed.Model, layer).Permutation);
        }
    }

    [Fact]
    public void SavingDoesNotDisturbTheRun()
    {
        using var kernels = new KernelModeScope(KernelMode.Sparse);
        using var folder = new TempFolder();
        TrainingRun saving = new(), quiet = new();
        for (int step = 0; step < 20; step++)
        {
            saving.Save(folder);
            Values.SameBits([quiet.Step(step)], [saving.Step(step)], $"loss at step {step}");
        }

        Values.SameParameters(quiet.Model, saving.Model, "with and without saving");
    }

    [Fact]
    public void WithoutTheSparseState_TheRunWouldDiffer()
    {
        // What the state is for: else the tests above prove nothing.
        using var kernels = new KernelModeScope(KernelMode.Sparse);
        using var folder = new TempFolder();
        var run = new TrainingRun();
        for (int step = 0; step < 11; step++)
        {
            run.Step(step);
        }

        run.Save(folder);
        var resumed = new TrainingRun();
        resumed.Model.load(folder.File("weights"));
        resumed.Optimizer.load_state_dict(folder.File("optimizer"));
        Continue(run, 11);
        Continue(resumed, 11);
        Assert.NotEqual(Sides.Of(run.Model, "fc1").Step, Sides.Of(resumed.Model, "fc1").Step);
        Assert.NotEqual(Values.Of(run.Model.Fc1.weight), Values.Of(resumed.Model.Fc1.weight));
    }

    [Fact]
    public void MeasuredChoices_AreSavedAndPinned()
    {
        using var kernels = new KernelModeScope(KernelMode.Auto);
        using var folder = new TempFolder();
        var run = new TrainingRun();
        for (int step = 0; step < 80; step++)
        {
            run.Step(step);
        }

        run.Save(folder);
        Mlp loaded = Mlp.Create(1);
        loaded.LoadSparseState(folder.File("sparse"));
        var chosen = Sides.Of(run.Model, "fc2").GetReport().Kernels;
        var pinned = Sides.Of(loaded, "fc2").GetReport().Kernels;
        Assert.Equal(2, chosen.Count);
        Assert.Equal(chosen.Select(k => (k.Product, k.MaxRows, k.Kernel)), pinned.Select(k => (k.Product, k.MaxRows, k.Kernel)));
    }

    [Fact]
    public void ChoicesOfEvaluation_AreSavedAndPinnedToo()
    {
        using var kernels = new KernelModeScope(KernelMode.Auto);
        using var folder = new TempFolder();
        using var off = no_grad();
        Mlp model = Mlp.Create(1);
        Tensor x = new Samples(1).Tensor(5, 50);
        for (int i = 0; i < 80; i++)
        {
            model.call(x).Dispose();
        }

        model.SaveSparseState(folder.File("sparse"));
        Mlp loaded = Mlp.Create(1);
        loaded.LoadSparseState(folder.File("sparse"));
        foreach (string layer in new[] { "fc1", "fc2" })
        {
            KernelDecision chosen = Assert.Single(Sides.Of(model, layer).GetReport().Kernels);
            KernelDecision pinned = Assert.Single(Sides.Of(loaded, layer).GetReport().Kernels);
            Assert.Equal(("y", 8, chosen.Kernel), (pinned.Product, pinned.MaxRows, pinned.Kernel));
        }

        // A pinned choice is neither measured nor shared: a choice of the other kernel for the same shape is followed.
        string text = File.ReadAllText(folder.File("sparse"));
        Assert.Contains("EvaluationKernels\":{\"3\":", text);
        foreach (KernelKind kind in new[] { KernelKind.SparseCpu, KernelKind.MaskedDense })
        {
            File.WriteAllText(folder.File("forced"), System.Text.RegularExpressions.Regex.Replace(
                text, "(?<=EvaluationKernels\":\\{\"3\":\")[A-Za-z]+", kind.ToString()));
            loaded.LoadSparseState(folder.File("forced"));
            KernelCounters before = Sides.Of(loaded, "fc2").Counters;
            loaded.call(x).Dispose();
            KernelCounters after = Sides.Of(loaded, "fc2").Counters;
            Assert.Equal(kind == KernelKind.SparseCpu ? (1, 0) : (0, 1), (after.ForwardSparse - before.ForwardSparse, after.ForwardDense - before.ForwardDense));
        }
    }

    private static float[] Continue(TrainingRun run, int from) => [.. Enumerable.Range(from, More).Select(run.Step)];
}
