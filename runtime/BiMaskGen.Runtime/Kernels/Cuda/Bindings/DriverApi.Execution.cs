namespace BiMaskGen.Kernels.Cuda;

internal sealed unsafe partial class DriverApi
{
    private const uint NonBlocking = 1;
    private const uint DisableTiming = 2;
    private const int MaxDynamicSharedMemory = 8;
    private const int NotReady = 600;

    private delegate* unmanaged<nint*, void*, int> _moduleLoadData;
    private delegate* unmanaged<nint, int> _moduleUnload;
    private delegate* unmanaged<nint*, nint, byte*, int> _moduleGetFunction;
    private delegate* unmanaged<nint, int, int, int> _funcSetAttribute;
    private delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int> _launchKernel;
    private delegate* unmanaged<nint*, uint, int> _streamCreate;
    private delegate* unmanaged<nint, int> _streamDestroy;
    private delegate* unmanaged<nint, int> _streamSynchronize;
    private delegate* unmanaged<nint, nint, uint, int> _streamWaitEvent;
    private delegate* unmanaged<nint*, uint, int> _eventCreate;
    private delegate* unmanaged<nint, int> _eventDestroy;
    private delegate* unmanaged<nint, nint, int> _eventRecord;
    private delegate* unmanaged<nint, int> _eventQuery;
    private delegate* unmanaged<nint, int> _eventSynchronize;
    private delegate* unmanaged<float*, nint, nint, int> _eventElapsedTime;

    /// <summary>Loads a cubin into the current context.</summary>
    /// <returns>0 and the driver's code if it is no cubin for this GPU.</returns>
    public (nint Module, int Code) LoadModule(ReadOnlySpan<byte> cubin)
    {
        nint module = 0;
        fixed (byte* image = cubin)
        {
            int code = _moduleLoadData(&module, image);
            return (code == 0 ? module : 0, code);
        }
    }

    /// <summary>Whether a module did not load because of what it is: no image, or one for another GPU or driver.</summary>
    public static bool IsImageRefused(int code) => code is 200 or 209 or 218 or 222;

    /// <summary>What to throw if a module did not load.</summary>
    public NMSparseCudaException ModuleFailure(int code, string what) => Failure(code, "cuModuleLoadData", what);

    /// <summary>Unloads a module.</summary>
    public int UnloadModule(nint module) => _moduleUnload(module);

    /// <summary>A kernel of a module.</summary>
    public nint Function(nint module, ReadOnlySpan<byte> name, string what)
    {
        nint function;
        fixed (byte* text = name)
        {
            Check(_moduleGetFunction(&function, module, text), "cuModuleGetFunction", what);
        }

        return function;
    }

    /// <summary>Allows a kernel more shared memory than the 48 KiB that every kernel has.</summary>
    public void AllowSharedMemory(nint function, int bytes) =>
        Check(_funcSetAttribute(function, MaxDynamicSharedMemory, bytes), "cuFuncSetAttribute", $"{bytes} bytes of shared memory");

    /// <summary>Starts a kernel whose one parameter is a structure.</summary>
    public void Launch(nint function, (uint X, uint Y) grid, uint threads, uint sharedBytes, nint stream, void* argument, string what)
    {
        void* parameters = argument;
        Check(_launchKernel(function, grid.X, grid.Y, 1, threads, 1, 1, sharedBytes, stream, &parameters, null), "cuLaunchKernel", what);
    }

    /// <summary>Makes a stream that does not wait for the default stream.</summary>
    public nint CreateStream()
    {
        nint stream;
        Check(_streamCreate(&stream, NonBlocking), "cuStreamCreate");
        return stream;
    }

    /// <summary>Gives a stream back; its work is still done.</summary>
    public int DestroyStream(nint stream) => _streamDestroy(stream);

    /// <summary>Waits until the stream has done what it was given. Errors of its kernels show here.</summary>
    public void Synchronize(nint stream) => Check(_streamSynchronize(stream), "cuStreamSynchronize");

    /// <summary>Lets later work of the stream wait for the event; the caller does not wait.</summary>
    public void Wait(nint stream, nint e) => Check(_streamWaitEvent(stream, e, 0), "cuStreamWaitEvent");

    /// <summary>Makes an event.</summary>
    public nint CreateEvent(bool timed)
    {
        nint e;
        Check(_eventCreate(&e, timed ? 0 : DisableTiming), "cuEventCreate");
        return e;
    }

    /// <summary>Gives an event back.</summary>
    public int DestroyEvent(nint e) => _eventDestroy(e);

    /// <summary>Marks the place in the stream's work.</summary>
    public void Record(nint e, nint stream) => Check(_eventRecord(e, stream), "cuEventRecord");

    /// <summary>Whether the stream has come to the event.</summary>
    public bool IsDone(nint e)
    {
        int code = _eventQuery(e);
        if (code == NotReady)
        {
            return false;
        }

        Check(code, "cuEventQuery");
        return true;
    }

    /// <summary>Waits until the stream has come to the event.</summary>
    public void SynchronizeEvent(nint e) => Check(_eventSynchronize(e), "cuEventSynchronize");

    /// <summary>Milliseconds between two events.</summary>
    public float Elapsed(nint start, nint end)
    {
        float milliseconds;
        Check(_eventElapsedTime(&milliseconds, start, end), "cuEventElapsedTime");
        return milliseconds;
    }

    private void BindExecution()
    {
        _moduleLoadData = (delegate* unmanaged<nint*, void*, int>)Export("cuModuleLoadData");
        _moduleUnload = (delegate* unmanaged<nint, int>)Export("cuModuleUnload");
        _moduleGetFunction = (delegate* unmanaged<nint*, nint, byte*, int>)Export("cuModuleGetFunction");
        _funcSetAttribute = (delegate* unmanaged<nint, int, int, int>)Export("cuFuncSetAttribute");
        _launchKernel = (delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, int>)Export("cuLaunchKernel");
        _streamCreate = (delegate* unmanaged<nint*, uint, int>)Export("cuStreamCreate");
        _streamDestroy = (delegate* unmanaged<nint, int>)Export("cuStreamDestroy_v2");
        _streamSynchronize = (delegate* unmanaged<nint, int>)Export("cuStreamSynchronize");
        _streamWaitEvent = (delegate* unmanaged<nint, nint, uint, int>)Export("cuStreamWaitEvent");
        _eventCreate = (delegate* unmanaged<nint*, uint, int>)Export("cuEventCreate");
        _eventDestroy = (delegate* unmanaged<nint, int>)Export("cuEventDestroy_v2");
        _eventRecord = (delegate* unmanaged<nint, nint, int>)Export("cuEventRecord");
        _eventQuery = (delegate* unmanaged<nint, int>)Export("cuEventQuery");
        _eventSynchronize = (delegate* unmanaged<nint, int>)Export("cuEventSynchronize");
        _eventElapsedTime = (delegate* unmanaged<float*, nint, nint, int>)Export("cuEventElapsedTime");
    }
}
