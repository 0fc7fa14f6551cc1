using BiMaskGen.Masks;

namespace BiMaskGen.Kernels.Cuda;

/// <summary>The operands of one state of a layer's weight and bias, and how many calls still need them.</summary>
internal sealed class CudaState(CudaOperands operands, ulong fingerprint, WeightKey? bias)
{
    /// <summary>The operands.</summary>
    public CudaOperands Operands { get; } = operands;

    /// <summary>Of the weight.</summary>
    public ulong Fingerprint { get; } = fingerprint;

    /// <summary>Of the bias, or null without one.</summary>
    public WeightKey? Bias { get; } = bias;

    /// <summary>Calls that have not ended.</summary>
    public int Leases { get; set; }
}

/// <summary>What a layer holds on a GPU. The layer's lock guards it; products run outside.</summary>
internal sealed class LayerOnCuda(CudaHost host, CudaDevice device, CudaLayerSpec spec) : IDisposable
{
    // Only equality is asked of them; no state that was read from bits has this one but by a chance of 2⁻⁶⁴.
    private static ulong s_lastFingerprint = 0x9E3779B97F4A7C15;

    private readonly Dictionary<(int Rows, bool Training), long> _batches = [];
    private CudaState? _current;
    private int[]? _permutation;
    private (ulong Fingerprint, NMMask Mask)? _made;

    /// <summary>CUDA and torch.</summary>
    public CudaHost Host => host;

    /// <summary>The layer's products and kernels.</summary>
    public CudaLinear Linear { get; } = new(host.Runtime, device, spec);

    /// <summary>The weight's state that <see cref="Fingerprint"/> stands for; null before the first.</summary>
    public WeightKey? Key { get; private set; }

    /// <summary>What stands for the weight's bits as long as its key stays.</summary>
    public ulong Fingerprint { get; private set; }

    /// <summary>Batches that the layer was called with, and how often.</summary>
    public IEnumerable<(int Rows, bool Training, long Calls)> Batches => _batches.Select(b => (b.Key.Rows, b.Key.Training, b.Value));

    /// <summary>Whether it fits tensors of this device and type.</summary>
    public bool Fits(CudaHost other, int ordinal, CudaLayerSpec wanted) => ReferenceEquals(host, other) && device.Ordinal == ordinal && spec == wanted;

    /// <summary>Takes note of the weight's state.</summary>
    /// <param name="key">The state.</param>
    /// <param name="bits">Reads the fingerprint of the bits, where they have to be compared with others; null where it is only the next state.</param>
    public ulong Identify(WeightKey key, Func<ulong>? bits)
    {
        if (Key != key)
        {
            Fingerprint = bits is null ? Interlocked.Increment(ref s_lastFingerprint) : bits();
            Key = key;
        }

        return Fingerprint;
    }

    /// <summary>Goes on with a row permutation.</summary>
    public void SetPermutation(int[] permutation, nint stream)
    {
        if (!ReferenceEquals(_permutation, permutation))
        {
            Linear.SetPermutation(permutation, stream);
            _permutation = permutation;
            Retire();
        }
    }

    /// <summary>The operands of a weight and bias, made if they are not there; leased to the caller.</summary>
    public CudaState Lease(in OperandForm form, CudaTensor weight, CudaTensor? bias, WeightKey? biasKey, (int Rows, bool Training) batch, nint stream)
    {
        if (_current is not { } current || current.Fingerprint != Fingerprint || current.Operands.Form != form || current.Bias != biasKey || current.Operands.Stream != stream)
        {
            Retire();
            _current = new(Linear.Prepare(form, weight.Pointer, bias?.Pointer ?? 0, bias?.Type ?? weight.Type, stream), Fingerprint, biasKey);
        }

        _batches[batch] = _batches.GetValueOrDefault(batch) + 1;
        _current.Leases++;
        return _current;
    }

    /// <summary>The mask that was made of the present weights and is in no history, or null.</summary>
    public NMMask? Made
    {
        get => _made is { } made && made.Fingerprint == Fingerprint ? made.Mask : null;
        set => _made = value is null ? null : (Fingerprint, value);
    }

    /// <summary>Multiplies what stands for the weights' decay where forward prunes.</summary>
    /// <param name="form">What forward keeps.</param>
    /// <param name="weight">W.</param>
    /// <param name="factor">float32, of the weight's shape; changed.</param>
    /// <param name="scale">What it is multiplied by.</param>
    /// <param name="stream">The stream.</param>
    public void Scale(in OperandForm form, in CudaTensor weight, in CudaTensor factor, float scale, nint stream)
    {
        using CudaContext.Scope scope = device.Context.Enter();
        using DeviceBuffer? words = form.Mask is null ? null : DeviceBuffer.Of<ulong>(device.Context, form.Mask.Words, stream);
        new LayerKernels(new StreamLauncher(device, stream)).Decay(
            form, words?.Pointer ?? 0, weight.Pointer, weight.Type, factor.Pointer, factor.Type, new(scale, 0), spec.Shape);
    }

    /// <summary>Leases a state again, for a graph that was kept; false where it is gone.</summary>
    public bool TryLease(CudaState state)
    {
        bool isCurrent = ReferenceEquals(_current, state);
        state.Leases += isCurrent ? 1 : 0;
        return isCurrent;
    }

    /// <summary>Ends a lease.</summary>
    public void Return(CudaState state)
    {
        if (--state.Leases == 0 && !ReferenceEquals(_current, state))
        {
            Linear.Recycle(state.Operands);
        }
    }

    /// <summary>Throws what the mask pass of the last state found, as soon as the GPU has told it; that state is given up.</summary>
    public void CheckLast()
    {
        if (_current is { } current)
        {
            try
            {
                Linear.ThrowIfBad(current.Operands);
            }
            catch (NMSparseValueException)
            {
                Retire();
                throw;
            }
        }
    }

    /// <summary>Σ Mb of the last state, if the GPU has told it.</summary>
    public long? KeptBackward => _current?.Operands.TryRead()?.Kept;

    /// <summary>The mask of the last state, where it comes as bits.</summary>
    public NMMask? Mask => _current?.Operands.Form.Mask;

    /// <summary>Makes operands anew at the next use.</summary>
    public void Retire()
    {
        if (_current is { Leases: 0 } idle)
        {
            Linear.Recycle(idle.Operands);
        }

        _current = null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Retire();
        Linear.Dispose();
    }
}
