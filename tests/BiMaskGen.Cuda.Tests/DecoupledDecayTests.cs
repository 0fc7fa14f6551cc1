using BiMaskGen.Cuda.Tests.Models;
using BiMaskGen.Cuda.Tests.Support;
using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Reference;
using BiMaskGen.Integration.Tests.Reference.Rules;
using BiMaskGen.Runtime.Tests.Cuda;
using static BiMaskGen.Cuda.Tests.Support.Drive;

namespace BiMaskGen.Cuda.Tests;

/// <summary>The decay beside the gradient, of weights on a GPU.</summary>
[Collection(FakeCudaCollection.Name)]
public sealed class DecoupledDecayTests(FakeCuda fake)
{
    private const double Decay = 0.5, Rate = 0.25;
    private const int Steps = 8, Refreshes = 3;

    [NativeFact]
    public void WhatBiMaskPrunesShrinks() => Gpu.Run(fake, KernelMode.Sparse, () =>
    {
        Run(new DecoupledBiMaskNet(), (weight, _) => weight.Top(2, 4));
        Assert.Equal(0, fake.Calls("cuEventSynchronize"));
    });

    [NativeFact]
    public void InADensePhaseNothingShrinks() => Gpu.Run(fake, KernelMode.Sparse, () =>
    {
        Run(new DecoupledSrSteNet(), (weight, step) => step < 2 ? Array.ConvertAll(weight.Values, _ => true) : weight.Top(1, 4));
        Assert.Equal(0, fake.Calls("cuEventSynchronize"));
    });

    // The decay after a step prunes by the mask that stays, whatever the next refresh brings.
    [NativeFact]
    public void AMaskThatStaysDecidesForItsPeriod() => Gpu.Run(fake, KernelMode.Sparse, () =>
    {
        bool[]? mask = null;
        fake.SetBusy(true);
        Run(new DecoupledTransposableNet(), (weight, step) => mask!, beforeStep: (weight, step) => mask = step % 3 == 0 ? ReferenceBlocks.Mask(weight, 2, 4) : mask);
        fake.SetBusy(false);
        Assert.Equal(Refreshes, fake.Calls("cuEventSynchronize"));
    });

    [NativeFact]
    public void AForgottenDecayIsAnErrorAtTheNextStep() => Gpu.Run(fake, KernelMode.Sparse, () =>
    {
        var model = new DecoupledBiMaskNet();
        Train(model, 0);
        string message = Assert.Throws<NMSparseException>(() => Backward(model, 1)).Message;
        Assert.StartsWith($"{model.Side.Name}: DecoupledDecay = true, but model.DecayPruned(learningRate) was not called", message, StringComparison.Ordinal);

        // Evaluation needs none, and it can be made good.
        using (no_grad())
        {
            Forward(model, 1);
        }

        Sides.Model(model).DecayPruned(Rate);
        Backward(model, 1);
        Assert.Equal(1, model.Side.Step);
    });

    // Nothing has run there yet: by the CPU's masks then.
    [NativeFact]
    public void BeforeTheFirstForwardItDecaysToo() => Gpu.Run(fake, KernelMode.Sparse, () =>
    {
        var model = new DecoupledBiMaskNet();
        float[] before = Values.Of(model.Layer.weight!);
        Sides.Model(model).DecayPruned(Rate);
        Check(before, ReferenceMasks.Forward(before, OneLayer.Out, OneLayer.In, 2, 4), model, 0);
        Train(model, 0);
        Assert.Equal(0, model.Side.Step);
    });

    private static void Run(OneLayer model, Func<ReferenceWeight, int, bool[]> mask, Action<ReferenceWeight, int>? beforeStep = null)
    {
        for (int step = 0; step < Steps; step++)
        {
            beforeStep?.Invoke(Weight(model), step);
            Train(model, step);
            Assert.Equal(step, model.Side.Step);
            ReferenceWeight stepped = Weight(model);
            Sides.Model(model).DecayPruned(Rate);

            // The weights belong to the next step.
            Check(stepped.Values, mask(stepped, step + 1), model, step);
            Assert.Equal(step, model.Side.Step);
        }
    }

    private static ReferenceWeight Weight(OneLayer model) => new(Values.Of(model.Layer.weight!), OneLayer.Out, OneLayer.In);

    private static void Check(float[] before, bool[] mask, OneLayer model, int step)
    {
        double[] expected = [.. before.Select((w, i) => mask[i] ? w : w * (1 - (Rate * Decay)))];
        Values.Close(expected, model.Layer.weight, $"W after the decay of step {step}");
    }
}
