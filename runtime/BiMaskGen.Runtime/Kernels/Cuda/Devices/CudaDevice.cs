using System.Collections.Concurrent;
using System.Globalization;

namespace BiMaskGen.Kernels.Cuda;

/// <summary>A GPU: what it can do, its context, its kernels.</summary>
internal sealed class CudaDevice : IDisposable
{
    // Sparse tensor cores, and the conversions that the kernels use, begin here.
    private const int LeastMajor = 8;

    private readonly Lock _gate = new();
    private readonly List<WeakReference<ThreadHandles>> _threads = [];

    /// <summary>Opens a GPU.</summary>
    internal CudaDevice(CudaRuntime runtime, int ordinal)
    {
        DriverApi driver = runtime.Driver;
        int device = driver.Device(ordinal);
        Ordinal = ordinal;
        Name = driver.DeviceName(device);
        Major = driver.Attribute(DeviceAttribute.ComputeCapabilityMajor, device);
        Minor = driver.Attribute(DeviceAttribute.ComputeCapabilityMinor, device);
        Multiprocessors = driver.Attribute(DeviceAttribute.MultiprocessorCount, device);
        SharedMemoryPerBlock = driver.Attribute(DeviceAttribute.MaxSharedMemoryPerBlockOptin, device);
        Memory = driver.TotalMemory(device);
        if (Major < LeastMajor)
        {
            throw new NMSparseNoCudaException(
                Name, string.Create(CultureInfo.InvariantCulture, $"its compute capability is {Major}.{Minor}, and the kernels need {LeastMajor}.0"));
        }

        if (driver.Attribute(DeviceAttribute.MemoryPoolsSupported, device) == 0)
        {
            throw new NMSparseNoCudaException(Name, "it does not allocate memory in the order of a stream");
        }

        driver.KeepFreedMemory(device);
        KernelCompiler compiler = new(runtime.Nvrtc, driver.Version(), Architecture, runtime.Cache);
        Context = new CudaContext(driver, device);
        Kernels = new KernelModules(this, compiler);
    }

    /// <summary>Its number in this process.</summary>
    public int Ordinal { get; }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>First number of the compute capability.</summary>
    public int Major { get; }

    /// <summary>Second number of the compute capability.</summary>
    public int Minor { get; }

    /// <summary>Multiprocessors.</summary>
    public int Multiprocessors { get; }

    /// <summary>Bytes of shared memory that a block can ask for.</summary>
    public int SharedMemoryPerBlock { get; }

    /// <summary>Bytes of memory.</summary>
    public long Memory { get; }

    /// <summary>The architecture that kernels are compiled for.</summary>
    public string Architecture => string.Create(CultureInfo.InvariantCulture, $"sm_{Major}{Minor}");

    /// <summary>Its primary context.</summary>
    public CudaContext Context { get; }

    /// <summary>Its kernels.</summary>
    public KernelModules Kernels { get; }

    /// <summary>The algorithms that were searched for, whichever thread did; a plan of another thread starts from them.</summary>
    public ConcurrentDictionary<PlanKey, SparseAlgorithm> Algorithms { get; } = new();

    /// <summary>How products run that were measured. A product is measured once, for all layers of its shape.</summary>
    public ConcurrentDictionary<(NMPattern Pattern, ProductShape Shape, CudaType Type, bool Training), ProductChoice> Choices { get; } = new();

    /// <summary>Keeps track of what a thread has, without keeping it alive.</summary>
    public void Remember(ThreadHandles handles)
    {
        lock (_gate)
        {
            _threads.RemoveAll(t => !t.TryGetTarget(out _));
            _threads.Add(new(handles));
        }
    }

    /// <summary>Closes the GPU for all threads. None may be using it.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (WeakReference<ThreadHandles> thread in _threads)
            {
                if (thread.TryGetTarget(out ThreadHandles? handles))
                {
                    handles.Dispose();
                }
            }

            _threads.Clear();
        }

        Kernels.Dispose();
        Context.Dispose();
    }
}
