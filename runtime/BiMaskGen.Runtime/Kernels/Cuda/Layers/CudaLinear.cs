using BiMaskGen.Masks;
using BiMaskGen.Permutations;

namespace BiMaskGen.Kernels.Cuda;

/// <summary>
/// A linear layer on a GPU: operands of its weight, its three products, and their choice between sparse tensor cores and the masked dense
/// product. Every call starts work on a stream and returns; only the first call of a shape, which measures, and <see cref="Values"/> wait for
/// the GPU. Calls for different operands may come from different threads.
/// </summary>
/// <param name="runtime">CUDA.</param>
/// <param name="device">The GPU.</param>
/// <param name="spec">The layer.</param>
internal sealed partial class CudaLinear(CudaRuntime runtime, CudaDevice device, CudaLayerSpec spec) : IDisposable
{
    // One that the next step fills while backward still reads another.
    private const int MostSpares = 2;

    private readonly Stack<CudaOperands> _spares = [];
    private DeviceBuffer? _order;
    private OperandForm _form = OperandForm.BiMask(spec.Pattern);
    private bool _closed;

    /// <summary>The layer.</summary>
    public CudaLayerSpec Spec => spec;

    /// <summary>Takes a row permutation for the operands that are made from now on.</summary>
    /// <param name="permutation">permutation[r] = original row at position r.</param>
    /// <param name="stream">The stream on which operands are made.</param>
    public void SetPermutation(ReadOnlySpan<int> permutation, nint stream)
    {
        MaskArguments.CheckPermutation(permutation, spec.OutFeatures);
        using CudaContext.Scope scope = device.Context.Enter();
        DeviceBuffer order = DeviceBuffer.Of(device.Context, permutation, stream);
        _order?.Dispose();
        _order = order;
    }

    /// <summary>Makes masks and operands of a weight. To be given back by <see cref="Recycle"/> when nothing will use them any more.</summary>
    /// <param name="form">What the method makes of it.</param>
    /// <param name="weight">W [out_features, in_features].</param>
    /// <param name="bias">The bias, or 0.</param>
    /// <param name="biasType">Its type.</param>
    /// <param name="stream">The stream.</param>
    public CudaOperands Prepare(in OperandForm form, ulong weight, ulong bias, CudaType biasType, nint stream)
    {
        using CudaContext.Scope scope = device.Context.Enter();
        CudaOperands operands = Spare(stream) ?? new(device.Context, spec, stream);
        try
        {
            operands.Renew(form);
            _form = form;
            LayerKernels kernels = new(new StreamLauncher(device, stream));
            device.Context.Driver.Fill(operands.Statistics.Pointer, 0, MaskStatistics.Bytes, stream);
            kernels.MaskPass(
                form, operands.Words?.Pointer ?? 0, weight, spec.Weight, _order?.Pointer ?? 0, (operands.Forward.Pointer, operands.Backward?.Pointer ?? 0), spec.Compute, spec.Shape,
                operands.Statistics.Pointer);
            operands.Tell();
            operands.HasBias = bias != 0;
            if (operands.HasBias)
            {
                kernels.Convert(bias, biasType, operands.Bias.Pointer, spec.Compute, (1, spec.OutFeatures));
            }

            return operands;
        }
        catch
        {
            operands.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Takes operands back. They are used again for the next weight: in a step nothing is allocated, for to free memory that the machine shares
    /// with the GPU waits for the GPU.
    /// </summary>
    public void Recycle(CudaOperands operands)
    {
        lock (_spares)
        {
            if (!_closed && _spares.Count < MostSpares)
            {
                _spares.Push(operands);
                return;
            }
        }

        operands.Dispose();
    }

    /// <summary>
    /// Throws if the mask pass has found a weight that cannot be used. It is asked at the next forward, so that no step waits for it; what the GPU
    /// has not told yet is no error yet.
    /// </summary>
    /// <exception cref="NMSparseValueException">A weight is NaN or infinite, or too large for the products' type.</exception>
    public void ThrowIfBad(CudaOperands operands)
    {
        using CudaContext.Scope scope = device.Context.Enter();
        uint flags = operands.TryRead()?.Flags ?? 0;
        if ((flags & MaskStatistics.NonFinite) != 0)
        {
            throw new NMSparseValueException(spec.Name, $"weight [{spec.OutFeatures}, {spec.InFeatures}] holds NaN or infinity, so that no mask can be made from it.");
        }

        if ((flags & MaskStatistics.Overflow) != 0)
        {
            throw new NMSparseValueException(
                spec.Name, $"weight [{spec.OutFeatures}, {spec.InFeatures}] holds a number that is infinite in {spec.Compute}: use bfloat16, or smaller weights.");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_spares)
        {
            _closed = true;
            while (_spares.TryPop(out CudaOperands? spare))
            {
                spare.Dispose();
            }
        }

        _order?.Dispose();
    }

    // Only for the same stream: on another one nothing would keep the new operands from overwriting what the old ones are still read for.
    private CudaOperands? Spare(nint stream)
    {
        lock (_spares)
        {
            return _spares.TryPeek(out CudaOperands? spare) && spare.Stream == stream ? _spares.Pop() : null;
        }
    }

    private void EnsureOrder(nint stream)
    {
        if (_order is null)
        {
            SetPermutation(RowPermutation.Identity(spec.OutFeatures), stream);
        }
    }
}
