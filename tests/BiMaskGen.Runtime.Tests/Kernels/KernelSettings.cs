using BiMaskGen.Kernels.Cpu;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Kernels;

/// <summary>Tests that set the vector width or the thread count run alone: both are settings of the process.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class KernelSettings
{
    public const string Name = "kernel settings";

    /// <summary>Every register width this machine has.</summary>
    public static TheoryData<int> Widths
    {
        get
        {
            TheoryData<int> widths = [];
            foreach (int bits in (int[])[512, 256, 128, 32])
            {
                if (bits <= VectorWidth.Bits)
                {
                    widths.Add(bits);
                }
            }

            return widths;
        }
    }

    /// <summary>
    /// What a call allocates on the managed heap of this thread, once this thread and the others hold the buffers that it needs: a first
    /// call on this thread alone makes those that another thread might otherwise be the one to make.
    /// </summary>
    internal static long BytesAllocatedBy(int threads, Action call)
    {
        With(VectorWidth.MaxBits, 1, call);
        long allocated = 0;
        With(VectorWidth.MaxBits, threads, () =>
        {
            call();
            long before = GC.GetAllocatedBytesForCurrentThread();
            call();
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        });
        return allocated;
    }

    internal static void With(int bits, int threads, Action action)
    {
        int threadsBefore = CpuPool.Threads;
        int bitsBefore = VectorWidth.MaxBits;
        CpuPool.Threads = threads;
        VectorWidth.MaxBits = bits;
        try
        {
            action();
        }
        finally
        {
            CpuPool.Threads = threadsBefore;
            VectorWidth.MaxBits = bitsBefore;
        }
    }
}
