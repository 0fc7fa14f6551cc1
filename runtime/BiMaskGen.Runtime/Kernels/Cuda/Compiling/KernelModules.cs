using System.Collections.Concurrent;

namespace BiMaskGen.Kernels.Cuda;

/// <summary>The kernels that a GPU has loaded; each is compiled and loaded at its first use, once, whichever thread comes first.</summary>
/// <param name="device">The GPU.</param>
/// <param name="compiler">Where cubins come from.</param>
internal sealed class KernelModules(CudaDevice device, KernelCompiler compiler) : IDisposable
{
    // What every kernel has without asking.
    private const int PlainSharedMemory = 48 << 10;

    private readonly ConcurrentDictionary<KernelVariant, Kernel> _kernels = new();
    private readonly Lock _gate = new();

    /// <summary>A kernel. A failure is not remembered: the next call tries again.</summary>
    /// <exception cref="NMSparseCudaException">It does not compile or load.</exception>
    public Kernel Get(in KernelVariant variant)
    {
        if (_kernels.TryGetValue(variant, out Kernel? kernel))
        {
            return kernel;
        }

        lock (_gate)
        {
            if (!_kernels.TryGetValue(variant, out kernel))
            {
                kernel = Load(variant);
                _kernels[variant] = kernel;
            }

            return kernel;
        }
    }

    /// <summary>Unloads all.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (Kernel kernel in _kernels.Values)
            {
                kernel.Module.Dispose();
            }

            _kernels.Clear();
        }
    }

    private Kernel Load(in KernelVariant variant)
    {
        DriverApi driver = device.Context.Driver;
        using CudaContext.Scope scope = device.Context.Enter();
        (byte[] cubin, bool cached) = compiler.Get(variant);
        (nint module, int code) = driver.LoadModule(cubin);
        if (cached && DriverApi.IsImageRefused(code))
        {
            // Whole, as its hash says, yet the driver will not have it: then what it was compiled for is not what is here now.
            (cubin, _) = compiler.Get(variant, fresh: true);
            (module, code) = driver.LoadModule(cubin);
        }

        if (module == 0)
        {
            throw driver.ModuleFailure(code, variant.ToString());
        }

        var owner = new CudaModule(device.Context, module);
        try
        {
            nint function = driver.Function(module, variant.NameBytes(), variant.ToString());
            return new Kernel(device, owner, function, variant.ToString());
        }
        catch
        {
            owner.Dispose();
            throw;
        }
    }

    /// <summary>A loaded kernel.</summary>
    internal sealed unsafe class Kernel(CudaDevice device, CudaModule module, nint function, string name)
    {
        private bool _hasMoreShared;

        /// <summary>Its module.</summary>
        public CudaModule Module { get; } = module;

        /// <summary>Starts it. The context is current.</summary>
        /// <typeparam name="T">The structure that is its parameter.</typeparam>
        public void Launch<T>(in T arguments, (int X, int Y) grid, nint stream, int sharedBytes = 0)
            where T : unmanaged
        {
            if (grid.X <= 0 || grid.Y <= 0)
            {
                return;
            }

            // All that there is, at once: another thread must not lower what this one has asked for.
            if (sharedBytes > PlainSharedMemory && !Volatile.Read(ref _hasMoreShared))
            {
                device.Context.Driver.AllowSharedMemory(function, device.SharedMemoryPerBlock);
                Volatile.Write(ref _hasMoreShared, true);
            }

            fixed (T* argument = &arguments)
            {
                device.Context.Driver.Launch(function, ((uint)grid.X, (uint)grid.Y), KernelThreads, (uint)sharedBytes, stream, argument, name);
            }
        }
    }

    /// <summary>Threads of a block: NMS_THREADS of the sources.</summary>
    internal const int KernelThreads = 256;
}
