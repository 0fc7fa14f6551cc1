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
