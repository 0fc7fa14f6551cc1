using BiMaskGen.Integration.Tests.Equivalence;
using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Models;
using BiMaskGen.Integration.Tests.Reference;

namespace BiMaskGen.Integration.Tests.Methods;

/// <summary>
/// Every method against its definition in plain loops: loss, output, gradients, masks and next weights, at each of more steps than its schedule has.
/// </summary>
public sealed class MethodEquivalenceTests
{
    private const int Steps = 120;
    private static readonly long[] s_matrix = [12];
    private static readonly long[] s_sequence = [2, 5];

    public static TheoryData<string, KernelMode> Runs { get; } = Cases.Product(MethodStacks.Names, [KernelMode.Sparse, KernelMode.Dense]);

    public static TheoryData<string> Names { get; } = [.. MethodStacks.Names];

    public static TheoryData<string, Accumulation> Accumulations { get; } =
        Cases.Product(MethodStacks.Names, [Accumulation.Interleaved, Accumulation.Together]);

    [Theory]
    [MemberData(nameof(Runs))]
    public void SgdSteps_AreTheReferences(string name, KernelMode mode)
    {
        using var kernels = new KernelModeScope(mode);
        Stack model = MethodStacks.Create(name, 1);
        Run(StepByStep.Sgd(model, s_matrix));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AdamWSteps_OnSequences_UnderMeasuredKernels_AreTheReferences(string name)
    {
        using var kernels = new KernelModeScope(KernelMode.Auto);
        Run(StepByStep.AdamW(MethodStacks.Create(name, 2), s_sequence, inputGradient: true));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void StepsOnTorchsOperators_AreTheReferences(string name)
    {
        using var forced = new MaskedDenseScope();
        StepByStep run = StepByStep.Sgd(MethodStacks.Create(name, 3), s_sequence, inputGradient: true);
        Run(run);
        Assert.All(Sides.Model(run.Model).OwnSparseLayers, l => Assert.Equal(default, l.Layer.Counters));
    }

    [Theory]
    [MemberData(nameof(Accumulations))]
    public void AccumulatedBatches_AreOneStep(string name, Accumulation accumulation)
    {
        using var kernels = new KernelModeScope(KernelMode.Sparse);
        Run(StepByStep.Sgd(MethodStacks.Create(name, 4), s_matrix, accumulation: accumulation));
        Run(StepByStep.AdamW(MethodStacks.Create(name, 5), s_matrix, accumulation: accumulation));
    }

    private static void Run(StepByStep run) => run.Run(Steps, permuteEvery: 0);
}
