using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace BiMaskGen.Kernels.Cpu;

/// <summary>
/// Parallel loops of the CPU kernels. Indices are handed out one by one, so uneven work and busy cores even out; kernels split their
/// work such that no result depends on who did what.
/// </summary>
public static unsafe class CpuPool
{
    private static int _threads = Environment.ProcessorCount;

    private static ICpuScheduler? _scheduler;

    /// <summary>How many threads one loop may use, the caller included.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than one.</exception>
    public static int Threads
    {
        get => Volatile.Read(ref _threads);
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            Volatile.Write(ref _threads, value);
        }
    }

    /// <summary>
    /// Where the threads come from: at the first loop libtorch's own, if the process has loaded one that lends them, else a pool of ours.
    /// </summary>
    public static ICpuScheduler Scheduler
    {
        get => Volatile.Read(ref _scheduler) ?? Choose();
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            Volatile.Write(ref _scheduler, value);
        }
    }

    /// <summary>
    /// Calls the body for every index from 0 to <paramref name="count"/> − 1 and returns when all are done. The caller takes part. A loop
    /// inside a loop, and a loop started while another one holds the workers, runs on its own thread alone.
    /// </summary>
    /// <typeparam name="TBody">The body's type.</typeparam>
    /// <param name="count">Number of indices.</param>
    /// <param name="body">The body; a copy of it is shared by all threads.</param>
    /// <exception cref="Exception">The first exception that the body threw; indices not yet started are then left out.</exception>
    public static void For<TBody>(int count, in TBody body)
        where TBody : struct, IRangeBody => For(count, body, parallel: true);

    /// <summary>The loop, on the calling thread alone unless it is worth others.</summary>
    internal static void For<TBody>(int count, in TBody body, bool parallel)
        where TBody : struct, IRangeBody
    {
        TBody shared = body;
        int threads = parallel ? Math.Min(Threads, count) : 1;
        if (threads <= 1)
        {
            for (int i = 0; i < count; i++)
            {
                shared.Invoke(i);
            }

            return;
        }

        // Workers reach loop and body by address: both are locals, which neither move nor go before Run returns.
        Loop loop = new() { Body = Unsafe.AsPointer(ref shared), Call = &Call<TBody>, Count = count };
        Scheduler.Run(threads, &Drain, Unsafe.AsPointer(ref loop));
        if (loop.Error is not null)
        {
            ExceptionDispatchInfo.Throw(loop.Error);
        }
    }

    private static ICpuScheduler Choose()
    {
        ICpuScheduler chosen = (ICpuScheduler?)TorchPool.TryFind() ?? new WorkerPool();
        return Interlocked.CompareExchange(ref _scheduler, chosen, null) ?? chosen;
    }

    private static void Call<TBody>(void* body, int index)
        where TBody : struct, IRangeBody => Unsafe.AsRef<TBody>(body).Invoke(index);

    private static void Drain(void* state)
    {
        ref Loop loop = ref Unsafe.AsRef<Loop>(state);
        try
        {
            int index;
            while ((index = Interlocked.Increment(ref loop.Started) - 1) < loop.Count)
            {
                loop.Call(loop.Body, index);
            }
        }
        catch (Exception error)
        {
            Interlocked.CompareExchange(ref loop.Error, error, null);
            Volatile.Write(ref loop.Started, loop.Count);
        }
    }

    private struct Loop
    {
        public void* Body;
        public delegate*<void*, int, void> Call;
        public int Count;
        public int Started;
        public Exception? Error;
    }
}
