using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Models;
using BiMaskGen.Integration.Tests.Reference;

namespace BiMaskGen.Integration.Tests.Threads;

public sealed class ConcurrentEvaluationTests
{
    private const int Threads = 16;
    private const int Rounds = 40;
    private static readonly int[] s_batches = [1, 3, 8, 17, 64];

    [Theory]
    [InlineData(KernelMode.Sparse)]
    [InlineData(KernelMode.Dense)]
    [InlineData(KernelMode.Auto)]
    public void SixteenThreads_GetTheRightAnswer_ForEveryBatch(KernelMode mode)
    {
        using var kernels = new KernelModeScope(mode);
        Mlp model = Mlp.Create(1);
        model.eval();
        float[][] inputs = [.. s_batches.Select(b => new Samples(b).Array(b * 50))];
        var reference = new ReferenceStack(model);
        double[][] expected = [.. inputs.Select((x, i) => reference.Forward(Values.ToTensor(x, s_batches[i], 50)))];
        ManyThreads.Run(Threads, thread =>
        {
            using var off = no_grad();
            for (int round = 0; round < Rounds; round++)
            {
                using var scope = NewDisposeScope();
                int i = (thread + round) % s_batches.Length;
                Values.Close(expected[i], model.call(Values.ToTensor(inputs[i], s_batches[i], 50)), $"thread {thread}, round {round}");
            }
        });
        KernelCounters counters = Sides.Of(model, "fc2").Counters;
        Assert.Equal(Threads * Rounds, counters.ForwardSparse + counters.ForwardDense);
    }

    [Fact]
    public void ThreadsWithModelsOfTheirOwn_TrainAsAlone()
    {
        using var kernels = new KernelModeScope(KernelMode.Sparse);
        Mlp[] models = [.. Enumerable.Range(0, Threads).Select(_ => Mlp.Create(5))];
        ManyThreads.Run(Threads, thread => Train(models[thread], thread % 4));
        for (int seed = 0; seed < 4; seed++)
        {
            Mlp alone = Mlp.Create(5);
            Train(alone, seed);
            for (int thread = seed; thread < Threads; thread += 4)
            {
                Values.SameParameters(alone, models[thread], $"of thread {thread}");
            }
        }
    }

    private static void Train(Mlp model, int seed)
    {
        var samples = new Samples(seed);
        using var optimizer = optim.SGD(model.parameters(), 0.05, momentum: 0.9);
        for (int step = 0; step < 8; step++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            mse_loss(model.call(samples.Tensor(16, 50)), samples.Tensor(16, 10)).backward();
            optimizer.step();
        }
    }
}
