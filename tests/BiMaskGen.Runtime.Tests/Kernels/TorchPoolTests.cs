using System.Runtime.InteropServices;
using BiMaskGen.Kernels.Cpu;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Kernels;

[Collection(KernelSettings.Name)]
public sealed unsafe class TorchPoolTests
{
    private static int s_ranges;

    [Fact]
    public void ALoopRunsOnLentThreads()
    {
        s_ranges = 0;
        int[] counts = Loop(new TorchPool((nint)(delegate* unmanaged<long, long, long, delegate* unmanaged<long, long, void*, void>, void*, int>)&TwoRanges));
        Assert.All(counts, count => Assert.Equal(1, count));
        Assert.Equal(2, s_ranges);
    }

    [Fact]
    public void ALoopThatIsNotTakenRunsOnItsOwnThread()
    {
        int[] counts = Loop(new TorchPool((nint)(delegate* unmanaged<long, long, long, delegate* unmanaged<long, long, void*, void>, void*, int>)&Refuse));
        Assert.All(counts, count => Assert.Equal(1, count));
    }

    [Fact]
    public void WithoutLibtorchThereIsNone() => Assert.Null(TorchPool.TryFind());

    private static int[] Loop(TorchPool pool)
    {
        var counts = new int[100];
        ICpuScheduler before = CpuPool.Scheduler;
        CpuPool.Scheduler = pool;
        try
        {
            KernelSettings.With(512, 4, () =>
            {
                fixed (int* entries = counts)
                {
                    CpuPool.For(counts.Length, new Increment { Counts = entries });
                }
            });
        }
        finally
        {
            CpuPool.Scheduler = before;
        }

        return counts;
    }

    // As torch's does with two threads for four indices: half on another thread, half on the caller's.
    [UnmanagedCallersOnly]
    private static int TwoRanges(long begin, long end, long grain, delegate* unmanaged<long, long, void*, void> body, void* context)
    {
        long middle = (begin + end) / 2;
        nint call = (nint)body, argument = (nint)context;
        var other = new Thread(() => ((delegate* unmanaged<long, long, void*, void>)call)(begin, middle, (void*)argument));
        other.Start();
        body(middle, end, context);
        other.Join();
        s_ranges += 2;
        return 0;
    }

    [UnmanagedCallersOnly]
    private static int Refuse(long begin, long end, long grain, delegate* unmanaged<long, long, void*, void> body, void* context) => 1;

    private struct Increment : IRangeBody
    {
        public int* Counts;

        public readonly void Invoke(int index) => Interlocked.Increment(ref Counts[index]);
    }
}
