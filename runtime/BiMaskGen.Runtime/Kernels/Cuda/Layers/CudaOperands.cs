using BiMaskGen.Masks;

namespace BiMaskGen.Kernels.Cuda;

/// <summary>
/// What the products of a layer multiply: the pruned operands of one state of its weight, compressed where sparse tensor cores want them. Made
/// on a stream and used on it; backward uses those of its forward.
/// </summary>
internal sealed class CudaOperands : IDisposable
{
    private readonly CudaContext _context;
    private readonly CudaLayerSpec _spec;
    private readonly nint _stream;
    private readonly PinnedBuffer _told;
    private readonly CudaEvent _done;
    private readonly (DeviceBuffer? Buffer, bool IsCurrent)[] _compressed = new (DeviceBuffer?, bool)[2];
    private NMMask? _mask;

    /// <summary>Allocates the operands.</summary>
    public CudaOperands(CudaContext context, CudaLayerSpec spec, nint stream)
    {
        _context = context;
        _spec = spec;
        _stream = stream;
        try
        {
            Forward = new DeviceBuffer(context, OperandBytes, stream);
            Bias = new DeviceBuffer(context, (long)spec.OutFeatures * spec.Compute.Bytes(), stream);
            Statistics = new DeviceBuffer(context, MaskStatistics.Bytes, stream);
            _told = new PinnedBuffer(context, MaskStatistics.Bytes);
            _done = new CudaEvent(context);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What the method made of the weight.</summary>
    public OperandForm Form { get; private set; }

    /// <summary>W ⊙ Mf [out_features, in_features].</summary>
    public DeviceBuffer Forward { get; }

    /// <summary>(W ⊙ Mb)ᵀ [in_features, out_features], its columns in the permutation's order; null where dX multiplies <see cref="Forward"/>.</summary>
    public DeviceBuffer? Backward { get; private set; }

    /// <summary>The words of the mask of <see cref="ForwardOperand.Kept"/>; null for what ranks its weights.</summary>
    public DeviceBuffer? Words { get; private set; }

    /// <summary>The bias in the products' type.</summary>
    public DeviceBuffer Bias { get; }

    /// <summary>Whether the layer has a bias.</summary>
    public bool HasBias { get; set; }

    /// <summary>What the mask pass says, on the GPU.</summary>
    public DeviceBuffer Statistics { get; }

    /// <summary>The stream on which they are made and used.</summary>
    public nint Stream => _stream;

    /// <summary>The compressed operand, made at the first request after <see cref="Renew"/>.</summary>
    /// <param name="isBackward">Whether backward's.</param>
    /// <param name="plan">A plan of its product.</param>
    public ulong Compressed(bool isBackward, SparsePlan plan)
    {
        lock (_compressed)
        {
            ref (DeviceBuffer? Buffer, bool IsCurrent) compressed = ref _compressed[isBackward ? 1 : 0];
            compressed.Buffer ??= new DeviceBuffer(_context, plan.CompressedBytes, _stream);
            if (!compressed.IsCurrent)
            {
                Compress(isBackward, plan, compressed.Buffer.Pointer);
                compressed.IsCurrent = true;
            }

            return compressed.Buffer.Pointer;
        }
    }

    /// <summary>Compresses an operand.</summary>
    public void Compress(bool isBackward, SparsePlan plan, ulong destination)
    {
        using DeviceBuffer buffer = new(_context, plan.CompressBufferBytes, _stream);
        plan.Compress((isBackward ? Backward! : Forward).Pointer, destination, buffer.Pointer, _stream);
    }

    /// <summary>Forgets what belongs to the weight that the operands were made of, and makes room for what a method makes of the next.</summary>
    public void Renew(in OperandForm form)
    {
        _compressed[0].IsCurrent = _compressed[1].IsCurrent = false;
        HasBias = false;
        Form = form;
        if (form.Backward == BackwardOperand.Forward)
        {
            Backward?.Dispose();
            Backward = null;
        }
        else
        {
            Backward ??= new DeviceBuffer(_context, OperandBytes, _stream);
        }

        // A mask that stays is copied once for each of the few operands that take turns.
        if (form.Mask is { } mask && !ReferenceEquals(mask, _mask))
        {
            _mask = null;
            Words ??= new DeviceBuffer(_context, (long)mask.Words.Length * sizeof(ulong), _stream);
            Words.Write<ulong>(mask.Words, _stream);
            _mask = mask;
        }
    }

    /// <summary>Asks the GPU to tell what the mask pass found, when it has.</summary>
    public unsafe void Tell()
    {
        _context.Driver.CopyToHost(_told.Pointer, Statistics.Pointer, MaskStatistics.Bytes, _stream);
        _done.Record(_stream);
    }

    /// <summary>What the mask pass found, or null if the GPU has not come that far.</summary>
    public unsafe MaskStatistics? TryRead() =>
        _context.Driver.IsDone(_done.Handle) ? MaskStatistics.Read(new ReadOnlySpan<byte>(_told.Pointer, MaskStatistics.Bytes)) : null;

    /// <summary>What the mask pass found. Waits for the GPU.</summary>
    public MaskStatistics Read()
    {
        _context.Driver.SynchronizeEvent(_done.Handle);
        return TryRead()!.Value;
    }

    private long OperandBytes => _spec.Entries * _spec.Compute.Bytes();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable? part in (IEnumerable<IDisposable?>)[Forward, Backward, Words, Bias, Statistics, _compressed[0].Buffer, _compressed[1].Buffer, _done, _told])
        {
            part?.Dispose();
        }
    }
}
