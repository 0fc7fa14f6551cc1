using System.Globalization;

namespace BiMaskGen.Kernels.Cuda;

internal sealed unsafe partial class DriverApi
{
    // CU_MEMPOOL_ATTR_RELEASE_THRESHOLD
    private const int ReleaseThreshold = 4;

    private delegate* unmanaged<nint*, int, int> _deviceGetDefaultMemPool;
    private delegate* unmanaged<nint, int, void*, int> _memPoolSetAttribute;
    private delegate* unmanaged<nuint*, nuint*, int> _memGetInfo;
    private delegate* unmanaged<ulong*, nuint, nint, int> _memAllocAsync;
    private delegate* unmanaged<ulong, nint, int> _memFreeAsync;
    private delegate* unmanaged<void**, nuint, uint, int> _memHostAlloc;
    private delegate* unmanaged<void*, int> _memFreeHost;
    private delegate* unmanaged<ulong, void*, nuint, nint, int> _memcpyHtoD;
    private delegate* unmanaged<void*, ulong, nuint, nint, int> _memcpyDtoH;
    private delegate* unmanaged<ulong, ulong, nuint, nint, int> _memcpyDtoD;
    private delegate* unmanaged<ulong, byte, nuint, nint, int> _memsetD8;

    /// <summary>
    /// Lets the device keep memory that was freed in the order of a stream: by default it goes back to the system whenever the process waits for the
    /// GPU, and every step would fetch it anew.
    /// </summary>
    public void KeepFreedMemory(int device)
    {
        nint pool;
        ulong threshold = ulong.MaxValue;
        Check(_deviceGetDefaultMemPool(&pool, device), "cuDeviceGetDefaultMemPool");
        Check(_memPoolSetAttribute(pool, ReleaseThreshold, &threshold), "cuMemPoolSetAttribute");
    }

    /// <summary>Free and total bytes of the current context's GPU.</summary>
    public (long Free, long Total) MemoryInfo()
    {
        nuint free, total;
        Check(_memGetInfo(&free, &total), "cuMemGetInfo");
        return ((long)free, (long)total);
    }

    /// <summary>Allocates memory that work on the stream may use from now on.</summary>
    public ulong Allocate(long bytes, nint stream)
    {
        ulong pointer;
        Check(_memAllocAsync(&pointer, (nuint)bytes, stream), "cuMemAllocAsync", string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes"));
        return pointer;
    }

    /// <summary>Frees memory when the stream has done what it was given so far.</summary>
    /// <returns>The driver's code: nobody can mend a failure, and a finalizer must not throw.</returns>
    public int Free(ulong pointer, nint stream) => _memFreeAsync(pointer, stream);

    /// <summary>Allocates memory of the machine that the GPU can copy from and to without waiting.</summary>
    public void* AllocateHost(long bytes)
    {
        void* pointer;
        Check(_memHostAlloc(&pointer, (nuint)bytes, 0), "cuMemHostAlloc", string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes"));
        return pointer;
    }

    /// <summary>Frees memory of the machine.</summary>
    public int FreeHost(void* pointer) => _memFreeHost(pointer);

    /// <summary>Copies to the GPU, in the order of the stream.</summary>
    public void CopyToDevice(ulong destination, void* source, long bytes, nint stream) =>
        Check(_memcpyHtoD(destination, source, (nuint)bytes, stream), "cuMemcpyHtoDAsync");

    /// <summary>Copies from the GPU, in the order of the stream.</summary>
    public void CopyToHost(void* destination, ulong source, long bytes, nint stream) =>
        Check(_memcpyDtoH(destination, source, (nuint)bytes, stream), "cuMemcpyDtoHAsync");

    /// <summary>Copies within the GPU, in the order of the stream.</summary>
    public void Copy(ulong destination, ulong source, long bytes, nint stream) =>
        Check(_memcpyDtoD(destination, source, (nuint)bytes, stream), "cuMemcpyDtoDAsync");

    /// <summary>Fills memory with a byte, in the order of the stream.</summary>
    public void Fill(ulong destination, byte value, long bytes, nint stream) =>
        Check(_memsetD8(destination, value, (nuint)bytes, stream), "cuMemsetD8Async");

    private void BindMemory()
    {
        _deviceGetDefaultMemPool = (delegate* unmanaged<nint*, int, int>)Export("cuDeviceGetDefaultMemPool");
        _memPoolSetAttribute = (delegate* unmanaged<nint, int, void*, int>)Export("cuMemPoolSetAttribute");
        _memGetInfo = (delegate* unmanaged<nuint*, nuint*, int>)Export("cuMemGetInfo_v2");
        _memAllocAsync = (delegate* unmanaged<ulong*, nuint, nint, int>)Export("cuMemAllocAsync");
        _memFreeAsync = (delegate* unmanaged<ulong, nint, int>)Export("cuMemFreeAsync");
        _memHostAlloc = (delegate* unmanaged<void**, nuint, uint, int>)Export("cuMemHostAlloc");
        _memFreeHost = (delegate* unmanaged<void*, int>)Export("cuMemFreeHost");
        _memcpyHtoD = (delegate* unmanaged<ulong, void*, nuint, nint, int>)Export("cuMemcpyHtoDAsync_v2");
        _memcpyDtoH = (delegate* unmanaged<void*, ulong, nuint, nint, int>)Export("cuMemcpyDtoHAsync_v2");
        _memcpyDtoD = (delegate* unmanaged<ulong, ulong, nuint, nint, int>)Export("cuMemcpyDtoDAsync_v2");
        _memsetD8 = (delegate* unmanaged<ulong, byte, nuint, nint, int>)Export("cuMemsetD8Async");
    }
}
