namespace BiMaskGen.Kernels.Cpu;

/// <summary>
/// Where the threads of <see cref="CpuPool"/> come from. The default keeps its own; a host with a pool of its own (libtorch) can
/// lend that one instead, so that two pools do not fight over the cores.
/// </summary>
public unsafe interface ICpuScheduler
{
    /// <summary>
    /// Calls <paramref name="work"/> with <paramref name="state"/> on the calling thread and on up to <paramref name="workers"/> − 1
    /// others at the same time, and returns when every call has returned. Fewer calls than asked for are always right, one is the
    /// least. Must bear concurrent and nested calls. <paramref name="work"/> does not throw.
    /// </summary>
    /// <param name="workers">Threads wanted, the caller included.</param>
    /// <param name="work">What to call.</param>
    /// <param name="state">Its argument.</param>
    void Run(int workers, delegate*<void*, void> work, void* state);
}
