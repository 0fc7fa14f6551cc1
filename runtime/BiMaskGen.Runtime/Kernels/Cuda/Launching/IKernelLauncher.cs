namespace BiMaskGen.Kernels.Cuda;

/// <summary>Where kernels run: on a stream of a GPU, or, in tests, on the host.</summary>
internal interface IKernelLauncher
{
    /// <summary>Bytes of shared memory that a block can have.</summary>
    int SharedMemoryPerBlock { get; }

    /// <summary>Starts a kernel.</summary>
    /// <typeparam name="T">The structure that is its parameter.</typeparam>
    /// <param name="variant">The kernel.</param>
    /// <param name="arguments">Its parameter.</param>
    /// <param name="grid">Blocks; nothing happens if there are none.</param>
    /// <param name="sharedBytes">Shared memory of a block, beside what the source declares.</param>
    void Launch<T>(in KernelVariant variant, in T arguments, (int X, int Y) grid, int sharedBytes = 0)
        where T : unmanaged;
}

/// <summary>Starts kernels on a stream.</summary>
/// <param name="device">The GPU, whose context is current.</param>
/// <param name="stream">The stream.</param>
internal sealed class StreamLauncher(CudaDevice device, nint stream) : IKernelLauncher
{
    /// <inheritdoc/>
    public int SharedMemoryPerBlock => device.SharedMemoryPerBlock;

    /// <inheritdoc/>
    public void Launch<T>(in KernelVariant variant, in T arguments, (int X, int Y) grid, int sharedBytes = 0)
        where T : unmanaged => device.Kernels.Get(variant).Launch(arguments, grid, stream, sharedBytes);
}
