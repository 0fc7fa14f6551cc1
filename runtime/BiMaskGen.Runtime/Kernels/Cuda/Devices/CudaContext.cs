using System.Runtime.InteropServices;

namespace BiMaskGen.Kernels.Cuda;

/// <summary>
/// The primary context of a GPU: the one that libtorch uses, so that its pointers and streams are ours too. What lives in it holds a
/// reference, so that it is given back last, whatever order finalizers take.
/// </summary>
internal sealed class CudaContext : SafeHandle
{
    private readonly int _device;

    /// <summary>Retains the context of a GPU.</summary>
    public CudaContext(DriverApi driver, int device) : base(0, ownsHandle: true)
    {
        Driver = driver;
        _device = device;
        SetHandle(driver.RetainPrimaryContext(device));
    }

    /// <summary>The driver.</summary>
    public DriverApi Driver { get; }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>Makes the context this thread's current one until the scope is disposed. CUDA's backward runs on a thread of its own.</summary>
    public Scope Enter()
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        return new Scope(Driver, handle);
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        Driver.ReleasePrimaryContext(_device);
        return true;
    }

    /// <summary>A context that is current on this thread.</summary>
    internal readonly ref struct Scope
    {
        private readonly DriverApi _driver;

        /// <summary>Pushes the context.</summary>
        public Scope(DriverApi driver, nint context)
        {
            _driver = driver;
            driver.PushContext(context);
        }

        /// <summary>Pops the context.</summary>
        public void Dispose() => _driver.PopContext();
    }
}
