using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Models;

namespace BiMaskGen.Integration.Tests.State;

/// <summary>The sparse state in a state_dict, beside the weights.</summary>
public sealed class InDictTests
{
    [Fact]
    public void ARunGoesOn_FromOneDictionary()
    {
        using var kernels = new KernelModeScope(KernelMode.Sparse);
        using var folder = new TempFolder();
        TrainingRun run = new(), resumed = new();
        Run(run, 0, 11);
        run.Optimizer.save_state_dict(folder.File("optimizer"));
        var dict = run.Model.state_dict().ToDictionary(p => p.Key, p => p.Value.detach().clone());
        dict["nms_state"] = tensor(run.Model.GetSparseState());
        float[] uninterrupted = Run(run, 11, 41);

        resumed.Model.load_state_dict(dict, strict: false);
        resumed.Model.SetSparseState(dict["nms_state"].bytes);
        resumed.Optimizer.load_state_dict(folder.File("optimizer"));
        Values.SameBits(uninterrupted, Run(resumed, 11, 41), "losses");
        Values.SameParameters(run.Model, resumed.Model, "after the resumed run");
    }

    [Fact]
    public void ItIsTheContentOfTheFile()
    {
        using var folder = new TempFolder();
        Mlp model = Mlp.Create(1);
        model.SetStep(5);
        model.SaveSparseState(folder.File("sparse"));
        Assert.Equal(File.ReadAllBytes(folder.File("sparse")), model.GetSparseState());
    }

    [Fact]
    public void WhatDoesNotFit_IsRefusedByName_AndChangesNothing()
    {
        Mlp model = Mlp.Create(1);
        model.SetStep(5);
        byte[] state = model.GetSparseState();
        var other = new OtherPattern();
        var error = Assert.Throws<NMSparseStateException>(() => other.SetSparseState(state));
        Assert.Matches("fc[12]: the file's pattern is 2:4, the model's is ", error.Message);
        Assert.All(other.GetSparseLayers(), l => Assert.Equal(0, l.Layer.Step));
        Assert.Throws<NMSparseStateException>(() => model.SetSparseState(state.AsSpan(0, state.Length / 2)));
        Assert.Throws<NMSparseStateException>(() => model.SetSparseState([]));
    }

    private static float[] Run(TrainingRun run, int from, int to) => [.. Enumerable.Range(from, to - from).Select(run.Step)];
}
