using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Models;
using BiMaskGen.Integration.Tests.Reference;

namespace BiMaskGen.Integration.Tests.NeverStale;

public sealed class EditTests
{
    public static TheoryData<string, KernelMode> Runs { get; } =
        Cases.Product(Edits.All.Keys, [KernelMode.Sparse, KernelMode.Dense, KernelMode.Auto]);

    [Theory]
    [MemberData(nameof(Runs))]
    public void NextEvaluation_UsesTheNewWeights(string edit, KernelMode mode)
    {
        using var kernels = new KernelModeScope(mode);
        using var off = no_grad();
        Mlp model = Mlp.Create(5);
        model.eval();
        Tensor x = new Samples(1).Tensor(9, 50);
        ReferenceStack.AssertOutput(model, x, "before");
        Edits.All[edit](model);
        ReferenceStack.AssertOutput(model, x, $"after {edit}");
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void NextTrainingStep_UsesTheNewWeights(string edit, KernelMode mode)
    {
        using var kernels = new KernelModeScope(mode);
        Mlp model = Mlp.Create(6);
        Tensor x = new Samples(2).Tensor(9, 50);
        ReferenceStack.AssertStep(model, x, decay: true, "before");
        Edits.All[edit](model);

        // λ enters with the first backward after a change; the biases and the way back are no change.
        model.zero_grad();
        Tensor y = model.call(x);
        (y * y).sum().backward();
        model.zero_grad();
        ReferenceStack.AssertStep(model, x, decay: false, $"after {edit}");
    }

    [Fact]
    public void Invalidate_ChangesNothingButTheWork()
    {
        Mlp model = Mlp.Create(5);
        Tensor x = new Samples(1).Tensor(9, 50);
        ReferenceStack.AssertStep(model, x, decay: true, "before");
        model.Invalidate();
        ReferenceStack.AssertStep(model, x, decay: false, "after");
        Assert.Equal(0, Sides.Of(model, "fc1").Step);
    }
}
