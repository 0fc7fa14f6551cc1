using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using BiMaskGen.Kernels.Cuda;

namespace BiMaskGen.Kernels.Cpu;

/// <summary>
/// libtorch's own threads, through <c>torch_parallel_for</c> of its C shim (libtorch 2.10 and later). In a process with libtorch a pool of
/// our own would fight it for the cores: its idle threads go on spinning for a while after each of its operators.
/// </summary>
internal sealed unsafe class TorchPool : ICpuScheduler
{
    private const string Export = "torch_parallel_for";

    // int32 torch_parallel_for(int64 begin, int64 end, int64 grain_size, void (*body)(int64 begin, int64 end, void* context), void* context);
    // anything but 0 says that nothing was done.
    private readonly delegate* unmanaged<long, long, long, delegate* unmanaged<long, long, void*, void>, void*, int> _parallelFor;

    internal TorchPool(nint parallelFor) =>
        _parallelFor = (delegate* unmanaged<long, long, long, delegate* unmanaged<long, long, void*, void>, void*, int>)parallelFor;

    /// <summary>The pool of the libtorch that this process has loaded, or null if there is none or it is too old.</summary>
    internal static TorchPool? TryFind() =>
        LibrarySearch.FindLoaded(LibraryName.Torch) is { Path: not null } torch && NativeLibrary.TryGetExport(torch.Handle, Export, out nint parallelFor)
            ? new TorchPool(parallelFor)
            : null;

    /// <inheritdoc/>
    public void Run(int workers, delegate*<void*, void> work, void* state)
    {
        Job job = new() { Work = work, State = state };
        if (workers <= 1 || _parallelFor(0, workers, 1, &Body, &job) != 0)
        {
            work(state);
        }
    }

    // One call serves a whole range: the loop hands out its indices itself.
    [UnmanagedCallersOnly]
    private static void Body(long begin, long end, void* context)
    {
        ref Job job = ref Unsafe.AsRef<Job>(context);
        job.Work(job.State);
    }

    private struct Job
    {
        public delegate*<void*, void> Work;
        public void* State;
    }
}
