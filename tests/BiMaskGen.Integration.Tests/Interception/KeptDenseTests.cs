using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Models;

namespace BiMaskGen.Integration.Tests.Interception;

public sealed class KeptDenseTests
{
    [Fact]
    public void ModelWithEveryLayerKeptDense_TrainsBitForBitAsThePlainOne()
    {
        manual_seed(7);
        var plain = new PlainMlp();
        var kept = new KeptDenseMlp();
        kept.load_state_dict(plain.state_dict());
        using var plainOptimizer = optim.SGD(plain.parameters(), 0.1, momentum: 0.9);
        using var keptOptimizer = optim.SGD(kept.parameters(), 0.1, momentum: 0.9);
        var samples = new Samples(3);
        for (int step = 0; step < 20; step++)
        {
            Tensor x = samples.Tensor(8, 50), target = samples.Tensor(8, 10);
            Train(plain, plainOptimizer, x, target);
            Train(kept, keptOptimizer, x, target);
            Values.SameParameters(plain, kept, $"after step {step}");
        }

        Assert.Empty(Sides.Model(kept).SparseLayers);
        Assert.Equal(["fc1", "fc2", "head"], Sides.Model(kept).DenseLayers.Select(l => l.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void SparseModel_IsNotThePlainOne()
    {
        Mlp sparse = Mlp.Create(7);
        var plain = new PlainMlp();
        plain.load_state_dict(sparse.state_dict());
        Tensor x = new Samples(3).Tensor(8, 50);
        Assert.False(sparse.call(x).allclose(plain.call(x), 1e-3, 1e-3));
    }

    private static void Train(Module<Tensor, Tensor> model, optim.Optimizer optimizer, Tensor x, Tensor target)
    {
        optimizer.zero_grad();
        mse_loss(model.call(x), target).backward();
        optimizer.step();
    }
}
