using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Models;
using BiMaskGen.Integration.Tests.Reference;

namespace BiMaskGen.Integration.Tests.Interception;

public sealed class ActivationTests
{
    [Theory]
    [InlineData(KernelMode.Sparse, false)]
    [InlineData(KernelMode.Dense, false)]
    [InlineData(KernelMode.Dense, true)]
    public void SiluAndDropoutOfNothing_EqualTheReference(KernelMode mode, bool torchsOperators)
    {
        using var kernels = new KernelModeScope(mode);
        using var forced = torchsOperators ? new MaskedDenseScope() : null;
        Activated model = Create();
        using var optimizer = optim.SGD(model.parameters(), 0.01);
        for (int step = 0; step < 3; step++)
        {
            ReferenceStack.AssertStep(model, new Samples(step).Tensor(6, 16).requires_grad_(), decay: true, $"of step {step}");
            optimizer.step();
        }
    }

    [Fact]
    public void HooksSeeWhatComesBeforeTheActivation()
    {
        Activated model = Create();
        Tensor x = new Samples(1).Tensor(6, 16);
        List<Tensor> seen = [];
        foreach (StackLayer layer in model.Plan)
        {
            layer.Linear.register_forward_hook((_, _, output) =>
            {
                seen.Add(output.clone());
                return output;
            });
        }

        Tensor y = model.call(x);
        Assert.Equal(6, seen.Count);
        Assert.Contains(Values.Of(seen[3]), v => v < 0);
        Values.Close(silu(seen[^1]), y, "output");
        ReferenceStack.AssertOutput(model, x, "with hooks");
    }

    [Fact]
    public void ReleasedLayers_ApplySilu()
    {
        Activated model = Create();
        model.eval();
        Tensor x = new Samples(1).Tensor(6, 16);
        double[] expected = new ReferenceStack(model).Forward(x);
        Sides.Model(model).ReleaseDense();
        using var off = no_grad();
        Values.Close(expected, model.call(x), "released output");
    }

    private static Activated Create()
    {
        manual_seed(5);
        return new Activated();
    }
}
