using BiMaskGen.Masks;

namespace BiMaskGen.Kernels.Cuda;

/// <summary>
/// A mask of a weight on its way to the CPU. The kernel that makes it runs on the weight's stream, so that it sees this weight and not the next; the copy runs on a
/// stream of its own, beside the layer's later work.
/// </summary>
internal sealed class MaskCopy : IDisposable
{
    private readonly CudaContext _context;
    private readonly NMMask _mask;
    private readonly CudaStream _side;
    private readonly DeviceBuffer _words;
    private readonly PinnedBuffer _copy;
    private readonly CudaEvent _copied;

    /// <summary>Starts it.</summary>
    /// <param name="device">The GPU.</param>
    /// <param name="spec">The layer.</param>
    /// <param name="make">Starts the kernel, which gets the place of the mask's words and, behind them, that of its flags, which are zero.</param>
    /// <param name="stream">The stream that writes the weight, and runs the kernel.</param>
    public unsafe MaskCopy(CudaDevice device, CudaLayerSpec spec, Action<ulong, ulong> make, nint stream)
    {
        _context = device.Context;
        using CudaContext.Scope scope = _context.Enter();
        _mask = new NMMask(spec.OutFeatures, spec.InFeatures);
        long bytes = (long)_mask.Words.Length * sizeof(ulong), all = bytes + sizeof(ulong);
        try
        {
            _side = new CudaStream(_context);
            _words = new DeviceBuffer(_context, all, stream);
            _copy = new PinnedBuffer(_context, all);
            _copied = new CudaEvent(_context);
            using CudaEvent made = new(_context);
            _context.Driver.Fill(_words.Pointer + (ulong)bytes, 0, sizeof(ulong), stream);
            make(_words.Pointer, _words.Pointer + (ulong)bytes);
            made.Record(stream);
            _context.Driver.Wait(_side.Handle, made.Handle);
            _context.Driver.CopyToHost(_copy.Pointer, _words.Pointer, all, _side.Handle);
            _copied.Record(_side.Handle);
        }
        catch
        {
            // In the order of the stream: what was started may still be running.
            _words?.Dispose();
            Free();
            throw;
        }
    }

    /// <summary>What the kernel found wrong with the weight, once the mask is taken.</summary>
    public uint Flags { get; private set; }

    /// <summary>Whether <see cref="Take"/> would not wait.</summary>
    public bool IsDone => _context.Driver.IsDone(_copied.Handle);

    /// <summary>The mask. Waits for the GPU if it has to, and frees what the copy took.</summary>
    public unsafe NMMask Take()
    {
        Settle();
        ReadOnlySpan<ulong> read = new(_copy.Pointer, _mask.Words.Length + 1);
        read[..^1].CopyTo(_mask.Words);
        Flags = (uint)read[^1];
        Free();
        return _mask;
    }

    /// <summary>Frees what the copy took, once it is done.</summary>
    public void Dispose()
    {
        if (!_copied.IsClosed)
        {
            Settle();
            Free();
        }
    }

    private void Settle()
    {
        using CudaContext.Scope scope = _context.Enter();
        if (!IsDone)
        {
            _context.Driver.SynchronizeEvent(_copied.Handle);
        }
    }

    // The stream that the words were made on may be gone by now, but all work on them is done.
    private void Free()
    {
        _words?.DisposeAfterAllWork();
        _copied?.Dispose();
        _copy?.Dispose();
        _side?.Dispose();
    }
}
