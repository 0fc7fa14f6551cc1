using System.Runtime.InteropServices;

namespace BiMaskGen.Kernels.Cuda;

/// <summary>Something that lives in a context and is given back exactly once, at the latest by its finalizer.</summary>
internal abstract class DeviceResource : SafeHandle
{
    /// <summary>Takes a reference on the context; the derived class makes the resource.</summary>
    protected DeviceResource(CudaContext context) : base(0, ownsHandle: true)
    {
        Context = context;
        bool added = false;
        context.DangerousAddRef(ref added);
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>The context.</summary>
    public CudaContext Context { get; }

    /// <summary>The driver.</summary>
    protected DriverApi Driver => Context.Driver;

    /// <summary>Gives the resource back.</summary>
    /// <returns>The code of the call; 0 is success.</returns>
    protected abstract int Release(nint resource);

    /// <summary>Makes the resource in its context. If that fails nothing stays behind.</summary>
    protected void Make(Func<nint> make)
    {
        try
        {
            using CudaContext.Scope scope = Context.Enter();
            SetHandle(make());
        }
        catch
        {
            // Without a handle nothing would be released, the reference on the context neither.
            Context.DangerousRelease();
            GC.SuppressFinalize(this);
            throw;
        }
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        try
        {
            // Not Enter: a context that its owner has closed is still there while we hold a reference.
            using var scope = new CudaContext.Scope(Driver, Context.DangerousGetHandle());
            return Release(handle) == 0;
        }
        catch (NMSparseCudaException)
        {
            // The process has lost its GPU; there is nothing to give back to.
            return false;
        }
        finally
        {
            Context.DangerousRelease();
        }
    }
}

/// <summary>Memory of a GPU, allocated and freed in the order of a stream.</summary>
internal sealed class DeviceBuffer : DeviceResource
{
    private nint _stream;
    private bool _isLeft;

    /// <summary>Allocates memory that work of the stream may use from now on.</summary>
    /// <exception cref="NMSparseCudaException">The GPU has too little free memory.</exception>
    public DeviceBuffer(CudaContext context, long bytes, nint stream) : base(context)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        Bytes = bytes;
        _stream = stream;

        // The driver refuses to allocate nothing.
        Make(() => (nint)Driver.Allocate(Math.Max(bytes, 1), stream));
    }

    /// <summary>Memory that holds numbers of the CPU's.</summary>
    /// <exception cref="NMSparseCudaException">The GPU has too little free memory.</exception>
    public static unsafe DeviceBuffer Of<T>(CudaContext context, ReadOnlySpan<T> values, nint stream)
        where T : unmanaged
    {
        DeviceBuffer buffer = new(context, (long)values.Length * sizeof(T), stream);
        try
        {
            buffer.Write(values, stream);
            return buffer;
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    /// <summary>Copies numbers of the CPU's to its beginning, in the order of the stream. The context is current.</summary>
    public unsafe void Write<T>(ReadOnlySpan<T> values, nint stream)
        where T : unmanaged
    {
        // From pageable memory: the driver has taken its copy when the call returns.
        fixed (T* source = values)
        {
            Driver.CopyToDevice(Pointer, source, (long)values.Length * sizeof(T), stream);
        }
    }

    /// <summary>Its size.</summary>
    public long Bytes { get; }

    /// <summary>Its address on the GPU.</summary>
    public ulong Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            return (ulong)handle;
        }
    }

    /// <summary>Frees the memory once all work of the context is done: its stream may be gone by now.</summary>
    public void DisposeAfterAllWork()
    {
        _stream = 0;
        Dispose();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // Whoever leaves it to the finalizer no longer says that its stream is still there.
        _stream = disposing ? _stream : 0;
        _isLeft = !disposing;
        base.Dispose(disposing);
    }

    /// <inheritdoc/>
    protected override int Release(nint resource)
    {
        // Without its stream nothing keeps the memory from being used again before the stream's work on it is done.
        if (_isLeft)
        {
            Driver.SynchronizeContext();
        }

        return Driver.Free((ulong)resource, _stream);
    }
}

/// <summary>A stream of our own. Buffers that were allocated on it have to be freed before it is.</summary>
internal sealed class CudaStream : DeviceResource
{
    /// <summary>Makes a stream.</summary>
    public CudaStream(CudaContext context) : base(context) => Make(Driver.CreateStream);

    /// <summary>The driver's handle.</summary>
    public nint Handle => handle;

    /// <summary>Waits until all its work is done.</summary>
    public void Synchronize()
    {
        using CudaContext.Scope scope = Context.Enter();
        Driver.Synchronize(handle);
    }

    /// <inheritdoc/>
    protected override int Release(nint resource) => Driver.DestroyStream(resource);
}

/// <summary>A place in a stream's work.</summary>
internal sealed class CudaEvent : DeviceResource
{
    /// <summary>Makes an event.</summary>
    /// <param name="context">The context.</param>
    /// <param name="timed">Whether the time between two such events can be told.</param>
    public CudaEvent(CudaContext context, bool timed = false) : base(context) => Make(() => Driver.CreateEvent(timed));

    /// <summary>The driver's handle.</summary>
    public nint Handle => handle;

    /// <summary>Marks the place that the stream has come to.</summary>
    public void Record(nint stream) => Driver.Record(handle, stream);

    /// <summary>Milliseconds from this event to another, which the caller has waited for.</summary>
    public float MillisecondsTo(CudaEvent end) => Driver.Elapsed(handle, end.handle);

    /// <inheritdoc/>
    protected override int Release(nint resource) => Driver.DestroyEvent(resource);
}

/// <summary>A loaded cubin.</summary>
internal sealed class CudaModule : DeviceResource
{
    /// <summary>Takes over a module that was loaded into the context.</summary>
    public CudaModule(CudaContext context, nint module) : base(context) => SetHandle(module);

    /// <summary>The driver's handle.</summary>
    public nint Handle => handle;

    /// <inheritdoc/>
    protected override int Release(nint resource) => Driver.UnloadModule(resource);
}

/// <summary>Memory of the machine that the GPU copies from and to without the CPU.</summary>
internal sealed unsafe class PinnedBuffer : DeviceResource
{
    /// <summary>Allocates the memory.</summary>
    public PinnedBuffer(CudaContext context, long bytes) : base(context) => Make(() => (nint)Driver.AllocateHost(bytes));

    /// <summary>Its address.</summary>
    public void* Pointer => (void*)handle;

    /// <inheritdoc/>
    protected override int Release(nint resource) => Driver.FreeHost((void*)resource);
}
