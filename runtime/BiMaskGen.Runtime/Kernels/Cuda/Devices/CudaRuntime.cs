using System.Globalization;

namespace BiMaskGen.Kernels.Cuda;

/// <summary>CUDA as this process has it: the libraries that were found, and the GPUs. Made at the first CUDA tensor; CPU tensors never ask.</summary>
internal sealed class CudaRuntime : IDisposable
{
    private static readonly Lazy<(CudaRuntime? Runtime, string Reason)> s_current =
        new(() => TryCreate(Environment.GetEnvironmentVariable(LibraryFolders.Variable)));

    private readonly Lock _gate = new();
    private readonly Dictionary<int, CudaDevice> _devices = [];
    private readonly FoundLibrary _nvrtc;
    private readonly FoundLibrary _cublasLt;
    private readonly FoundLibrary _cusparseLt;
    private readonly Lazy<NvrtcApi> _nvrtcApi;
    private readonly Lazy<CublasLtApi> _cublasLtApi;
    private readonly Lazy<CusparseLtApi> _cusparseLtApi;

    private CudaRuntime(DriverApi driver, string? explicitFolders, CubinCache cache)
    {
        Driver = driver;
        Cache = cache;
        DeviceCount = driver.DeviceCount();
        int version = driver.Version();

        // In this order: cuSPARSELt may need NVRTC in order to load, and finds it by name once it is there.
        _nvrtc = LibrarySearch.Find(LibraryName.Nvrtc, explicitFolders, handle => TooNew(handle, version));
        _cublasLt = LibrarySearch.Find(LibraryName.CublasLt, explicitFolders);
        _cusparseLt = LibrarySearch.Find(LibraryName.CusparseLt, explicitFolders);
        _nvrtcApi = new(() => new NvrtcApi(_nvrtc));
        _cublasLtApi = new(() => new CublasLtApi(_cublasLt));
        _cusparseLtApi = new(() => new CusparseLtApi(_cusparseLt));
    }

    /// <summary>The driver.</summary>
    public DriverApi Driver { get; }

    /// <summary>Where compiled kernels are kept.</summary>
    public CubinCache Cache { get; }

    /// <summary>GPUs that the driver knows.</summary>
    public int DeviceCount { get; }

    /// <summary>The compiler of kernels.</summary>
    /// <exception cref="NMSparseNoCudaException">There is none.</exception>
    public NvrtcApi Nvrtc => _nvrtcApi.Value;

    /// <summary>Dense products.</summary>
    /// <exception cref="NMSparseNoCudaException">There is no such library.</exception>
    public CublasLtApi CublasLt => _cublasLtApi.Value;

    /// <summary>Sparse products.</summary>
    /// <exception cref="NMSparseNoCudaException">There is no such library, or it is too old.</exception>
    public CusparseLtApi CusparseLt => _cusparseLtApi.Value;

    /// <summary>The libraries beside the driver, found or not.</summary>
    public IReadOnlyList<FoundLibrary> Libraries => [_nvrtc, _cublasLt, _cusparseLt];

    /// <summary>Whether sparse tensor cores can be used as far as libraries go; without cuSPARSELt all products are masked dense.</summary>
    public bool HasCusparseLt => _cusparseLt.Path is not null;

    /// <summary>CUDA of this process.</summary>
    /// <param name="wanted">What it is wanted for, as the message says it.</param>
    /// <exception cref="NMSparseNoCudaException">There is no driver or no GPU.</exception>
    public static CudaRuntime Current(string wanted) =>
        s_current.Value is { Runtime: { } runtime } ? runtime : throw new NMSparseNoCudaException(wanted, s_current.Value.Reason);

    /// <summary>Looks for CUDA.</summary>
    /// <param name="explicitFolders">What BIMASK_CUDA_PATH would say.</param>
    /// <param name="cache">Where compiled kernels are kept; the user's cache if null.</param>
    /// <returns>CUDA, or why there is none.</returns>
    internal static (CudaRuntime? Runtime, string Reason) TryCreate(string? explicitFolders, CubinCache? cache = null)
    {
        FoundLibrary library = LibrarySearch.Find(LibraryName.Driver, explicitFolders);
        if (library.Path is null)
        {
            return (null, $"no CUDA driver was found ({library.Trace.Count} places were tried)");
        }

        try
        {
            var driver = new DriverApi(library);
            driver.Init();
            var runtime = new CudaRuntime(driver, explicitFolders, cache ?? CubinCache.Default);
            return runtime.DeviceCount > 0 ? (runtime, "") : (null, "the CUDA driver knows of no GPU");
        }
        catch (NMSparseException e)
        {
            return (null, e.Message);
        }
    }

    /// <summary>A GPU, opened at the first request.</summary>
    public CudaDevice Device(int ordinal)
    {
        if (ordinal < 0 || ordinal >= DeviceCount)
        {
            throw new NMSparseNoCudaException(
                string.Create(CultureInfo.InvariantCulture, $"GPU {ordinal}"), string.Create(CultureInfo.InvariantCulture, $"the driver knows of {DeviceCount}"));
        }

        lock (_gate)
        {
            if (!_devices.TryGetValue(ordinal, out CudaDevice? device))
            {
                _devices.Add(ordinal, device = new CudaDevice(this, ordinal));
            }

            return device;
        }
    }

    /// <summary>Closes the GPUs. The libraries stay loaded.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (CudaDevice device in _devices.Values)
            {
                device.Dispose();
            }

            _devices.Clear();
        }
    }

    // A driver does not load what a compiler of a newer major version makes.
    private static string? TooNew(nint nvrtc, int driverVersion)
    {
        int version = NvrtcApi.VersionOf(nvrtc);
        return version / 1000 > driverVersion / 1000
            ? string.Create(CultureInfo.InvariantCulture, $"is of CUDA {version / 1000}, newer than the driver's CUDA {driverVersion / 1000}")
            : null;
    }
}
