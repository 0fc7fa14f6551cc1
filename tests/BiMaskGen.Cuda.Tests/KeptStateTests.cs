using BiMaskGen.Cuda.Tests.Models;
using BiMaskGen.Cuda.Tests.Support;
using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Runtime.Tests.Checkpoints;
using BiMaskGen.Runtime.Tests.Cuda;
using static BiMaskGen.Cuda.Tests.Support.Drive;

namespace BiMaskGen.Cuda.Tests;

/// <summary>What a method keeps of weights on a GPU while they change: it is made on the CPU, rarely, and goes through files.</summary>
[Collection(FakeCudaCollection.Name)]
public sealed class KeptStateTests(FakeCuda fake)
{
    public static TheoryData<string> Kept => [nameof(TransposableNet), nameof(DoublePrunedNet), nameof(ContinuousNet)];

    public static TheoryData<string, int> Resumed
    {
        get
        {
            TheoryData<string, int> runs = [];
            foreach (string name in (string[])[nameof(TransposableNet), nameof(DoublePrunedNet), nameof(ContinuousNet), nameof(MaskDecayNet), nameof(WideStructureDecayNet), nameof(DenseAroundNet)])
            {
                foreach (int stop in (int[])[1, 4, 5])
                {
                    runs.Add(name, stop);
                }
            }

            return runs;
        }
    }

    [NativeTheory]
    [MemberData(nameof(Resumed))]
    public void AResumedRunGoesOnBitForBit(string name, int stop) => Gpu.Run(fake, KernelMode.Sparse, () =>
    {
        using var folder = new TempFolder();
        MethodNet run = MethodNet.Create(name), resumed = MethodNet.Create(name, seed: 8);
        for (int step = 0; step < stop; step++)
        {
            Train(run, step);
        }

        run.save(folder["model.dat"]);
        Sides.Model(run).SaveSparseState(folder["sparse.json"]);
        resumed.load(folder["model.dat"]);
        Sides.Model(resumed).LoadSparseState(folder["sparse.json"]);
        for (int step = stop; step < MethodNet.Steps; step++)
        {
            Train(run, step);
            Train(resumed, step);
            Assert.Equal(run.Side.Step, resumed.Side.Step);
            Assert.Equal(run.Side.GetReport().Form, resumed.Side.GetReport().Form);
        }

        Values.SameParameters(run, resumed, "after the resumed run");
    });

    // A mask at each refresh, a scale once; no other step waits.
    [NativeTheory]
    [InlineData(nameof(TransposableNet), 3)]
    [InlineData(nameof(DoublePrunedNet), 3)]
    [InlineData(nameof(ContinuousNet), 1)]
    public void OnlyWhatMakesItWaitsForTheGpu(string name, int times) => Gpu.Run(fake, KernelMode.Sparse, () =>
    {
        MethodNet model = MethodNet.Create(name);
        fake.SetBusy(true);
        for (int step = 0; step < MethodNet.Steps; step++)
        {
            Train(model, step);
        }

        fake.SetBusy(false);
        Assert.Equal(times, fake.Calls("cuEventSynchronize"));
    });

    [NativeTheory]
    [MemberData(nameof(Kept))]
    public void EvaluationTakesWhatIsKeptAndKeepsNothing(string name) => Gpu.Run(fake, KernelMode.Sparse, () =>
    {
        MethodNet run = MethodNet.Create(name), quiet = MethodNet.Create(name);
        fake.SetBusy(true);
        float[] alone = Operand(run);
        Assert.Equal(alone, Operand(run));
        Assert.InRange(fake.Calls("cuEventSynchronize"), 1, name == nameof(ContinuousNet) ? 2 : 1);
        fake.SetBusy(false);
        Backward(run, 50);
        Assert.Equal(alone, Operand(run));
        Step(run);
        Operand(run);
        Train(quiet, 0);
        for (int step = 1; step < MethodNet.Steps; step++)
        {
            Operand(run);
            Train(run, step);
            Train(quiet, step);
        }

        Values.SameParameters(quiet, run, "with evaluations in between");
    });

    [NativeTheory]
    [MemberData(nameof(Kept))]
    public void LoadedWeightsGetWhatIsTheirs(string name) => Gpu.Run(fake, KernelMode.Sparse, () =>
    {
        MethodNet run = MethodNet.Create(name), other = MethodNet.Create(name, seed: 8);
        Train(run, 0);
        Train(run, 1);
        float[] expected = Operand(other);
        run.load_state_dict(other.state_dict());
        Assert.Equal(expected, Operand(run));
        run.state_dict();
        Assert.Equal(expected, Operand(run));
        Backward(run, 5);
        Assert.Equal(expected, Operand(run));
    });

    [NativeTheory]
    [MemberData(nameof(Kept))]
    public void AWeightThatIsNotANumberIsToldAtOnceAndNothingIsKeptOfIt(string name) => Gpu.Run(fake, KernelMode.Sparse, () =>
    {
        MethodNet model = MethodNet.Create(name);
        float[] weights = Values.Of(model.Layer.weight!);
        using (no_grad())
        {
            model.Layer.weight!.mul_(float.NaN);
        }

        NMSparseValueException error = Assert.Throws<NMSparseValueException>(() => Backward(model, 1));
        Assert.Contains("weight[0, 0] of [32, 48] is NaN", error.Message, StringComparison.Ordinal);
        using (no_grad())
        {
            model.Layer.weight!.copy_(Values.ToTensor(weights, OneLayer.Out, OneLayer.In));
        }

        Backward(model, 1);
        Assert.Equal(Operand(MethodNet.Create(name)), Operand(model));
        Assert.Equal(0, model.Side.Step);
    });

    [NativeFact]
    public void WeightsWithoutAScaleAreAnError() => Gpu.Run(fake, KernelMode.Sparse, () =>
    {
        MethodNet model = MethodNet.Create(nameof(ContinuousNet));
        using (no_grad())
        {
            model.Layer.weight!.fill_(0.5f);
        }

        Assert.Contains("⟨S,S⟩", Assert.Throws<NMSparseValueException>(() => Backward(model, 0)).Message, StringComparison.Ordinal);
    });

    [NativeFact]
    public void TheReportKnowsAMaskThatStays() => Gpu.Run(fake, KernelMode.Sparse, () =>
    {
        MethodNet model = MethodNet.Create(nameof(DoublePrunedNet));
        Train(model, 0);
        LayerReport report = model.Side.GetReport();
        Assert.Equal((0.5, "2:4"), (report.KeptForward, report.Form));
        Assert.InRange(report.KeptBackward!.Value, 0.7, 0.95);
        Assert.Equal([KernelKind.SparseCuda, KernelKind.SparseCuda], report.Kernels.Select(k => k.Kernel));
    });
}
