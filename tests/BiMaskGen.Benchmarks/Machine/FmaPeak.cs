using System.Diagnostics;
using System.Runtime.CompilerServices;
using BiMaskGen.Kernels.Cpu;

namespace BiMaskGen.Benchmarks.Machine;

// Twelve accumulators cover latency 4 on two ports with room to spare, and fit the 16 registers of AVX2 with both factors. A task
// takes half a millisecond, so that the pool can even out threads that start late; a sample is shorter than the time slice of another
// process, so that on a busy machine some samples have the CPUs to themselves.

/// <summary>The multiply-adds per second that the pinned threads do on registers alone.</summary>
internal static class FmaPeak
{
    private const int Accumulators = 12;
    private const int Rounds = 200_000;
    private const int TasksPerThread = 4;
    private const int Samples = 100;

    /// <summary>GFLOP/s of <see cref="CpuPool.Threads"/> threads, the best of several samples.</summary>
    internal static double Measure(int threads)
    {
        Call call = new() { Tasks = threads * TasksPerThread };
        double best = double.MaxValue;
        for (int sample = 0; sample < Samples; sample++)
        {
            var clock = new Clock(threads);
            double start = clock.Milliseconds;
            VectorWidth.Dispatch(ref call);
            best = Math.Min(best, clock.Milliseconds - start);
        }

        return 2.0 * Accumulators * Rounds * Math.Max(VectorWidth.Bits / 32, 1) * call.Tasks / best / 1e6;
    }

    private struct Call : IWidthBody
    {
        public int Tasks;

        public readonly void Run<TLanes, TVec>()
            where TLanes : struct, ILanes<TVec>
            where TVec : unmanaged => CpuPool.For(Tasks, default(Body<TLanes, TVec>));
    }

    private struct Body<TLanes, TVec> : IRangeBody
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged
    {
        public readonly void Invoke(int index)
        {
            if (Chain(TLanes.Create(1f + (index * 1e-6f)), TLanes.Create(0.5f)) < 0)
            {
                throw new UnreachableException("Sums of positive numbers.");
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static float Chain(TVec a, TVec b)
        {
            TVec s0 = a, s1 = a, s2 = a, s3 = a, s4 = a, s5 = a, s6 = a, s7 = a, s8 = a, s9 = a, s10 = a, s11 = a;
            for (int i = 0; i < Rounds; i++)
            {
                // x ← x/2 + a stays finite and normal.
                s0 = TLanes.MultiplyAdd(s0, b, a);
                s1 = TLanes.MultiplyAdd(s1, b, a);
                s2 = TLanes.MultiplyAdd(s2, b, a);
                s3 = TLanes.MultiplyAdd(s3, b, a);
                s4 = TLanes.MultiplyAdd(s4, b, a);
                s5 = TLanes.MultiplyAdd(s5, b, a);
                s6 = TLanes.MultiplyAdd(s6, b, a);
                s7 = TLanes.MultiplyAdd(s7, b, a);
                s8 = TLanes.MultiplyAdd(s8, b, a);
                s9 = TLanes.MultiplyAdd(s9, b, a);
                s10 = TLanes.MultiplyAdd(s10, b, a);
                s11 = TLanes.MultiplyAdd(s11, b, a);
            }

            TVec low = TLanes.Add(TLanes.Add(TLanes.Add(s0, s1), TLanes.Add(s2, s3)), TLanes.Add(s4, s5));
            TVec high = TLanes.Add(TLanes.Add(TLanes.Add(s6, s7), TLanes.Add(s8, s9)), TLanes.Add(s10, s11));
            return TLanes.Sum(TLanes.Add(low, high));
        }
    }
}
