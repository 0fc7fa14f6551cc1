using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Models;
using BiMaskGen.Integration.Tests.Reference;

namespace BiMaskGen.Integration.Tests.Equivalence;

public sealed class EquivalenceTests
{
    private const int Steps = 200;
    private static readonly long[] s_matrix = [12];
    private static readonly long[] s_sequence = [2, 5];

    public static TheoryData<string, KernelMode> Runs { get; } = Cases.Product(Stacks.Patterns, [KernelMode.Sparse, KernelMode.Dense]);

    public static TheoryData<string> Patterns { get; } = [.. Stacks.Patterns];

    [Theory]
    [MemberData(nameof(Runs))]
    public void SgdSteps_AreTheReferences(string pattern, KernelMode mode)
    {
        using var kernels = new KernelModeScope(mode);
        StepByStep run = StepByStep.Sgd(Stacks.Create(pattern, 1), s_matrix);
        run.Run(Steps, Stacks.PermuteEvery);
        AssertPermuted(run);
    }

    [Theory]
    [MemberData(nameof(Patterns))]
    public void AdamWSteps_OnSequences_UnderMeasuredKernels_AreTheReferences(string pattern)
    {
        using var kernels = new KernelModeScope(KernelMode.Auto);
        StepByStep run = StepByStep.AdamW(Stacks.Create(pattern, 2), s_sequence, inputGradient: true);
        run.Run(Steps, Stacks.PermuteEvery);
        AssertPermuted(run);
        Assert.All(
            Sides.Model(run.Model).OwnSparseLayers,
            l => Assert.Equal(["dX", "y"], l.Layer.GetReport().Kernels.Select(k => k.Product).Distinct().Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("2:4")]
    [InlineData("3:7")]
    [InlineData("2:8")]
    public void StepsOnTorchsOperators_AreTheReferences(string pattern)
    {
        using var forced = new MaskedDenseScope();
        StepByStep run = StepByStep.Sgd(Stacks.Create(pattern, 3), s_sequence, inputGradient: true);
        run.Run(Steps, Stacks.PermuteEvery);
        Assert.All(Sides.Model(run.Model).OwnSparseLayers, l => Assert.Equal(default, l.Layer.Counters));
    }

    [Theory]
    [InlineData(Accumulation.Interleaved, false)]
    [InlineData(Accumulation.Together, false)]
    [InlineData(Accumulation.Interleaved, true)]
    [InlineData(Accumulation.Together, true)]
    public void AccumulatedBatches_CarryOneDecay(Accumulation accumulation, bool adamW)
    {
        using var kernels = new KernelModeScope(KernelMode.Sparse);
        Stack model = Stacks.Create("1:4", 4);
        StepByStep run = adamW ? StepByStep.AdamW(model, s_matrix, false, accumulation) : StepByStep.Sgd(model, s_matrix, false, accumulation);
        run.Run(60, Stacks.PermuteEvery);
    }

    // The identity search of 2:8 has nothing to change.
    private static void AssertPermuted(StepByStep run)
    {
        if (run.Model is Stack2x8)
        {
            Assert.Equal(Enumerable.Range(0, 48), Sides.Of(run.Model, "first").Permutation);
        }
        else
        {
            Assert.True(run.PermutationChanges > 0, "no search brought another permutation in ten");
        }
    }
}
