using BiMaskGen.Kernels.Cpu;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Kernels;

[Collection(KernelSettings.Name)]
public sealed unsafe class CpuPoolTests
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 10)]
    [InlineData(2, 1)]
    [InlineData(2, 1000)]
    [InlineData(5, 3)]
    [InlineData(8, 1000)]
    public void EveryIndexRunsOnce(int threads, int count) => KernelSettings.With(512, threads, () =>
    {
        var calls = new int[count];
        for (int round = 1; round <= 50; round++)
        {
            CpuPool.For(count, new Count { Calls = calls });
            Assert.All(calls, value => Assert.Equal(round, value));
        }
    });

    [Fact]
    public void NestedLoopsRunInside() => KernelSettings.With(512, 4, () =>
    {
        var calls = new int[20 * 30];
        CpuPool.For(20, new Nested { Calls = calls });
        Assert.All(calls, value => Assert.Equal(1, value));
    });

    [Fact]
    public void SixteenCallersAtOnceAllFinish() => KernelSettings.With(512, 4, () =>
    {
        var calls = new int[16][];
        var threads = new Thread[16];
        for (int t = 0; t < threads.Length; t++)
        {
            int[] mine = calls[t] = new int[100];
            threads[t] = new Thread(() =>
            {
                for (int i = 0; i < 200; i++)
                {
                    CpuPool.For(mine.Length, new Count { Calls = mine });
                }
            });
            threads[t].Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        Assert.All(calls, mine => Assert.All(mine, value => Assert.Equal(200, value)));
    });

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void AnExceptionReachesTheCallerAndThePoolGoesOn(int threads) => KernelSettings.With(512, threads, () =>
    {
        for (int round = 0; round < 20; round++)
        {
            var error = Assert.Throws<InvalidOperationException>(() => CpuPool.For(100, new Failing { At = round * 5 }));
            Assert.Equal("index " + (round * 5), error.Message);
        }

        var calls = new int[100];
        CpuPool.For(100, new Count { Calls = calls });
        Assert.All(calls, value => Assert.Equal(1, value));
    });

    [Fact]
    public void ALoopAllocatesNothing()
    {
        var body = new Count { Calls = new int[64] };
        Assert.Equal(0, KernelSettings.BytesAllocatedBy(3, () => CpuPool.For(64, body)));
    }

    [Fact]
    public void AHostCanLendItsThreads()
    {
        ICpuScheduler before = CpuPool.Scheduler;
        var host = new CountingScheduler();
        CpuPool.Scheduler = host;
        try
        {
            KernelSettings.With(512, 3, () => CpuPool.For(10, new Count { Calls = new int[10] }));
        }
        finally
        {
            CpuPool.Scheduler = before;
        }

        Assert.Equal(3, host.Asked);
    }

    [Fact]
    public void BadSettingsAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => CpuPool.Threads = 0);
        Assert.Throws<ArgumentNullException>(() => CpuPool.Scheduler = null!);
    }

    private struct Count : IRangeBody
    {
        public int[] Calls;

        public readonly void Invoke(int index) => Interlocked.Increment(ref Calls[index]);
    }

    private struct Nested : IRangeBody
    {
        public int[] Calls;

        public readonly void Invoke(int index) => CpuPool.For(30, new Inner { Calls = Calls, Offset = index * 30 });
    }

    private struct Inner : IRangeBody
    {
        public int[] Calls;
        public int Offset;

        public readonly void Invoke(int index) => Interlocked.Increment(ref Calls[Offset + index]);
    }

    private struct Failing : IRangeBody
    {
        public int At;

        public readonly void Invoke(int index)
        {
            if (index == At)
            {
                throw new InvalidOperationException("index " + index);
            }
        }
    }

    private sealed class CountingScheduler : ICpuScheduler
    {
        public int Asked { get; private set; }

        public void Run(int workers, delegate*<void*, void> work, void* state)
        {
            Asked = workers;
            work(state);
        }
    }
}
