using System.Text;

namespace BiMaskGen.Kernels.Cuda;

/// <summary>The CUDA driver: devices and contexts. Memory, and modules, streams and events, are the other parts.</summary>
internal sealed unsafe partial class DriverApi : NativeApi
{
    /// <summary>CUDA_ERROR_OUT_OF_MEMORY.</summary>
    public const int OutOfMemory = 2;

    /// <summary>CUDA_ERROR_NO_DEVICE.</summary>
    public const int NoDevice = 100;

    private const int NameLength = 256;

    private readonly delegate* unmanaged<uint, int> _init;
    private readonly delegate* unmanaged<int*, int> _driverGetVersion;
    private readonly delegate* unmanaged<int, byte**, int> _getErrorName;
    private readonly delegate* unmanaged<int*, int> _deviceGetCount;
    private readonly delegate* unmanaged<int*, int, int> _deviceGet;
    private readonly delegate* unmanaged<byte*, int, int, int> _deviceGetName;
    private readonly delegate* unmanaged<int*, int, int, int> _deviceGetAttribute;
    private readonly delegate* unmanaged<nuint*, int, int> _deviceTotalMem;
    private readonly delegate* unmanaged<nint*, int, int> _primaryCtxRetain;
    private readonly delegate* unmanaged<int, int> _primaryCtxRelease;
    private readonly delegate* unmanaged<nint, int> _ctxPushCurrent;
    private readonly delegate* unmanaged<nint*, int> _ctxPopCurrent;
    private readonly delegate* unmanaged<int> _ctxSynchronize;

    /// <summary>Binds the functions.</summary>
    public DriverApi(FoundLibrary library) : base(library)
    {
        _init = (delegate* unmanaged<uint, int>)Export("cuInit");
        _driverGetVersion = (delegate* unmanaged<int*, int>)Export("cuDriverGetVersion");
        _getErrorName = (delegate* unmanaged<int, byte**, int>)Export("cuGetErrorName");
        _deviceGetCount = (delegate* unmanaged<int*, int>)Export("cuDeviceGetCount");
        _deviceGet = (delegate* unmanaged<int*, int, int>)Export("cuDeviceGet");
        _deviceGetName = (delegate* unmanaged<byte*, int, int, int>)Export("cuDeviceGetName");
        _deviceGetAttribute = (delegate* unmanaged<int*, int, int, int>)Export("cuDeviceGetAttribute");
        _deviceTotalMem = (delegate* unmanaged<nuint*, int, int>)Export("cuDeviceTotalMem_v2");
        _primaryCtxRetain = (delegate* unmanaged<nint*, int, int>)Export("cuDevicePrimaryCtxRetain");
        _primaryCtxRelease = (delegate* unmanaged<int, int>)Export("cuDevicePrimaryCtxRelease_v2");
        _ctxPushCurrent = (delegate* unmanaged<nint, int>)Export("cuCtxPushCurrent_v2");
        _ctxPopCurrent = (delegate* unmanaged<nint*, int>)Export("cuCtxPopCurrent_v2");
        _ctxSynchronize = (delegate* unmanaged<int>)Export("cuCtxSynchronize");
        BindMemory();
        BindExecution();
    }

    /// <summary>The CUDA version that the driver supports: 1000 · major + 10 · minor.</summary>
    public int Version()
    {
        int version;
        Check(_driverGetVersion(&version), "cuDriverGetVersion");
        return version;
    }

    /// <summary>Initialises the driver; has to come first.</summary>
    public void Init() => Check(_init(0), "cuInit");

    /// <summary>The number of GPUs.</summary>
    public int DeviceCount()
    {
        int count;
        Check(_deviceGetCount(&count), "cuDeviceGetCount");
        return count;
    }

    /// <summary>The driver's handle of a GPU.</summary>
    public int Device(int ordinal)
    {
        int device;
        Check(_deviceGet(&device, ordinal), "cuDeviceGet", $"device {ordinal}");
        return device;
    }

    /// <summary>The GPU's name.</summary>
    public string DeviceName(int device)
    {
        byte* name = stackalloc byte[NameLength];
        new Span<byte>(name, NameLength).Clear();
        Check(_deviceGetName(name, NameLength - 1, device), "cuDeviceGetName");
        return Encoding.UTF8.GetString(name, new Span<byte>(name, NameLength).IndexOf((byte)0));
    }

    /// <summary>A property of the GPU.</summary>
    public int Attribute(DeviceAttribute attribute, int device)
    {
        int value;
        Check(_deviceGetAttribute(&value, (int)attribute, device), "cuDeviceGetAttribute", attribute.ToString());
        return value;
    }

    /// <summary>The GPU's memory in bytes.</summary>
    public long TotalMemory(int device)
    {
        nuint bytes;
        Check(_deviceTotalMem(&bytes, device), "cuDeviceTotalMem");
        return (long)bytes;
    }

    /// <summary>The context that libtorch and the CUDA runtime use too; to be released as often.</summary>
    public nint RetainPrimaryContext(int device)
    {
        nint context;
        Check(_primaryCtxRetain(&context, device), "cuDevicePrimaryCtxRetain");
        return context;
    }

    /// <summary>Gives a context back. Errors are not told: a process that ends may have lost its driver already.</summary>
    public void ReleasePrimaryContext(int device) => _ = _primaryCtxRelease(device);

    /// <summary>Makes a context this thread's current one.</summary>
    public void PushContext(nint context) => Check(_ctxPushCurrent(context), "cuCtxPushCurrent");

    /// <summary>Makes the context before this thread's current one again.</summary>
    public void PopContext()
    {
        nint context;
        _ = _ctxPopCurrent(&context);
    }

    /// <summary>Waits until all work of the current context is done.</summary>
    public void SynchronizeContext() => Check(_ctxSynchronize(), "cuCtxSynchronize");

    /// <inheritdoc/>
    protected override (string CodeName, string WayOut, bool IsOutOfMemory) Explain(int code)
    {
        byte* text = null;
        string name = _getErrorName(code, &text) == 0 ? Text(text) ?? "an unknown error" : "an unknown error";
        string wayOut = code switch
        {
            OutOfMemory => "The GPU has too little free memory: use a smaller batch, or free what other models hold.",
            NoDevice => "The driver knows of no GPU: check nvidia-smi and CUDA_VISIBLE_DEVICES.",
            _ when IsImageRefused(code) => "The kernel was not compiled for this GPU or driver: delete the kernel cache that 'bimask doctor' names, or update the driver.",
            700 or 715 or 716 or 717 or 719 => "A kernel failed on the GPU, and the process cannot use CUDA any more: run it again "
                + "with BIMASK_KERNEL=dense, and report this with the layer's shape.",
            803 or 804 => "The driver does not fit the kernel module that is loaded: restart the machine after a driver update.",
            _ => "See the error's name in the documentation of the CUDA driver.",
        };
        return (name, wayOut, code == OutOfMemory);
    }
}

/// <summary>Properties of a GPU, by the driver's numbers.</summary>
internal enum DeviceAttribute
{
    /// <summary>Multiprocessors.</summary>
    MultiprocessorCount = 16,

    /// <summary>Bytes of the second-level cache.</summary>
    L2CacheSize = 38,

    /// <summary>First number of the compute capability.</summary>
    ComputeCapabilityMajor = 75,

    /// <summary>Second number of the compute capability.</summary>
    ComputeCapabilityMinor = 76,

    /// <summary>Bytes of shared memory that a block can ask for.</summary>
    MaxSharedMemoryPerBlockOptin = 97,

    /// <summary>Whether memory can be allocated in the order of a stream.</summary>
    MemoryPoolsSupported = 115,
}
