using System.Runtime.CompilerServices;
using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Models;

namespace BiMaskGen.Integration.Tests.NeverStale;

public sealed class LifetimeTests
{
    [Fact]
    public void SparseSide_IsFreedWithTheLayer()
    {
        WeakReference[] gone = TrainAndForget();
        for (int attempt = 0; attempt < 10 && gone.Any(g => g.IsAlive); attempt++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.All(gone, g => Assert.False(g.IsAlive));
    }

    [Fact]
    public void SparseSide_StaysWithTheLayer()
    {
        Mlp model = Mlp.Create(1);
        SparseLayer before = Sides.Of(model, "fc1");
        GC.Collect();
        Assert.Same(before, Sides.Of(model, "fc1"));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference[] TrainAndForget()
    {
        using var scope = NewDisposeScope();
        Mlp model = Mlp.Create(1);
        model.call(new Samples(1).Tensor(4, 50)).sum().backward();
        return [new(Sides.Of(model, "fc1")), new(Sides.Of(model, "fc2")), new(model.Fc1)];
    }
}
