using Xunit;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Core;

public class DisposeScopeTests
{
    [Fact]
    public void A_scope_disposes_what_was_made_in_it()
    {
        Tensor inner;
        Tensor outside = zeros(2);
        using (NewDisposeScope())
            inner = outside + 1;

        Assert.True(inner.IsInvalid);
        Assert.False(outside.IsInvalid);
        Assert.Throws<InvalidOperationException>(() => inner.Handle);
        Assert.Throws<InvalidOperationException>(() => inner.shape);
    }

    [Fact]
    public void Move_detach_and_keep()
    {
        Tensor moved, detached, kept, gone;
        using (DisposeScope outer = NewDisposeScope())
        {
            using (DisposeScope inner = NewDisposeScope())
            {
                moved = zeros(1).MoveToOuterDisposeScope();
                detached = zeros(1).DetachFromDisposeScope();
                (kept, gone) = (zeros(1), zeros(1));
                inner.DisposeEverythingBut(kept);
                Assert.True(gone.IsInvalid);
                Assert.False(kept.IsInvalid);
                Assert.Equal(1, inner.DisposablesCount);
            }

            Assert.True(kept.IsInvalid);
            Assert.False(moved.IsInvalid);
            Assert.True(outer.Contains(moved));
        }

        Assert.True(moved.IsInvalid);
        Assert.False(detached.IsInvalid);
    }

    [Fact]
    public void Disposing_a_tensor_takes_it_out_of_its_scope()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = zeros(1);
        x.Dispose();
        x.Dispose();

        Assert.Equal(0, scope.DisposablesCount);
    }

    [Fact]
    public void Operations_leave_only_their_result_in_the_scope()
    {
        Tensor x = GradCheckValues(2, 3);
        Tensor wide = GradCheckValues(2, 3, 4);
        Tensor square = GradCheckValues(4, 4);
        Tensor picks = tensor([1L, 0]);
        Tensor mask = tensor([true, false]);
        using DisposeScope scope = NewDisposeScope();
        Func<Tensor>[] operations =
        [
            () => x + 1, () => x * x, () => x.softmax(0), () => x.var(1), () => x.logsumexp(1), () => x.matmul(x.T.DetachFromDisposeScope()),
            () => x.max(), () => x.argmax(), () => x.amax([0, 1]), () => x.all(), () => x.norm(3f), () => x.tril(), () => x.cumsum(0),
            () => x[0, 1], () => x[TensorIndex.Slice(0, 1), TensorIndex.None], () => stack([x, x]), () => x.clamp(0, 1), () => x.select(0, 1),
            () => x.repeat(2, 2), () => x.flip(0), () => x.isfinite(), () => x.masked_fill(x.gt(0).DetachFromDisposeScope(), 1), () => eye(3),
            () => nn.functional.dropout(x), () => nn.functional.mse_loss(x, x), () => rand(3), () => wide.mean([1]),
            () => randint(5, [3]), () => randperm(4), () => x[picks], () => wide.matmul(square), () => x.isclose(x), () => x.argsort(),
            () => x[mask], () => x.std(), () => cat([x, x]), () => x.mean([0]), () => x.gather(1, picks.unsqueeze(0).DetachFromDisposeScope()),
            () => tensor(x.str().Length), () => x.sub(1), () => x.erf(), () => arange(3), () => x.amin([1], true),
            () => x.addcmul(x, x, 2), () => x.add(x, 2), () => nn.functional.one_hot(picks),
            () => nn.functional.scaled_dot_product_attention(wide, wide, wide), () => nn.functional.layer_norm(x, [3]),
            () => nn.functional.cross_entropy(x, zeros([2], ScalarType.Int64).DetachFromDisposeScope()),
        ];
        var leaving = new List<string>();
        for (int i = 0; i < operations.Length; i++)
        {
            scope.DisposeEverything();
            Tensor result = operations[i]();
            int left = scope.DisposablesView.Count(d => !ReferenceEquals(d, result));
            if (left > 0)
                leaving.Add($"operation {i} leaves {left}");
        }

        Assert.Empty(leaving);
    }

    [Fact]
    public void Scopes_belong_to_their_thread()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor? other = null;
        var thread = new Thread(() => other = zeros(1));
        thread.Start();
        thread.Join();

        Assert.Equal(0, scope.DisposablesCount);
        scope.Dispose();
        Assert.False(other!.IsInvalid);
    }

    [Fact]
    public void Released_memory_is_used_again()
    {
        const int Elements = 300_007;
        Tensor first = zeros(Elements);
        first.Dispose();
        long before = BufferPool.PooledBytes;
        using Tensor second = empty(Elements);

        Assert.True(BufferPool.PooledBytes < before);
    }

    [Fact]
    public void Tensors_that_nobody_disposes_are_collected()
    {
        const int Count = 1500;
        const int Elements = 1 << 20;
        long total = 0;
        for (int i = 0; i < Count; i++)
            total += ones(Elements).numel();

        Assert.True(GC.GetTotalMemory(forceFullCollection: true) < total * sizeof(float) / 2);
    }

    [Fact]
    public void A_view_keeps_the_memory_of_its_base()
    {
        Tensor x = full(1000, 3);
        Tensor view = x.narrow(0, 10, 5);
        x.Dispose();
        using Tensor other = zeros(1000);

        Assert.Equal(15, view.sum().item<float>());
    }

    private static Tensor GradCheckValues(params long[] shape) => Autograd.GradCheck.Values(shape, 1);
}
