namespace BiMaskGen.Kernels.Cuda;

/// <summary>
/// A released layer whose kept weights are 8-bit codes with a scale for each row. A call quantises its input row by row, multiplies the codes on sparse tensor
/// cores, whose sums stay exact (int32) or fp32, and scales them back with bias and activation.
/// </summary>
internal sealed class ReleasedQuantized : ReleasedOnCuda
{
    private readonly DeviceBuffer _scales;
    private readonly DeviceBuffer _operand;

    /// <summary>Quantises and compresses. Zeros stay zeros, so that the codes are 2:4 as the weights are.</summary>
    public ReleasedQuantized(CudaRuntime runtime, CudaDevice device, CudaLayerSpec spec, ReleaseChoice choice, ReadOnlySpan<float> masked, nint stream)
        : base(runtime, device, spec, choice)
    {
        using DeviceBuffer dense = Upload(device, CudaType.F32, masked, stream), codes = new(device.Context, spec.Entries, stream);
        _scales = new DeviceBuffer(device.Context, (long)spec.OutFeatures * sizeof(float), stream);
        try
        {
            new InferenceKernels(new StreamLauncher(device, stream)).Quantize(
                dense.Pointer, CudaType.F32, codes.Pointer, choice.Operand, _scales.Pointer, spec.Shape, spec.OutFeatures);
            _operand = Compress(codes.Pointer, stream);
        }
        catch
        {
            _scales.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override long Bytes => _operand.Bytes + _scales.Bytes;

    /// <inheritdoc/>
    public override CudaType InputType(CudaType input) => input;

    /// <inheritdoc/>
    public override void Dispose()
    {
        _operand.Dispose();
        _scales.Dispose();
    }

    /// <inheritdoc/>
    protected override void Multiply(in ReleasedCall call)
    {
        (int rows, CudaType operand, CudaType sum, nint stream) = (call.Input.Rows, Choice.Operand, Choice.Operand.Product(), call.Stream);
        PlanKey key = new(Spec.Forward(Batch(rows)), operand, false, false);
        (_, _, int batch) = key.Shape;
        InferenceKernels kernels = new(new StreamLauncher(Device, stream));
        using DeviceBuffer codes = new(Device.Context, (long)batch * Spec.InFeatures, stream), tokens = new(Device.Context, (long)batch * sizeof(float), stream);
        using DeviceBuffer sums = new(Device.Context, (long)batch * Spec.OutFeatures * sum.Bytes(), stream);
        kernels.Quantize(call.Input.Pointer, call.Input.Type, codes.Pointer, operand, tokens.Pointer, (rows, Spec.InFeatures), batch);
        ThreadHandles handles = ThreadHandles.Of(Runtime, Device);
        handles.Run(handles.Sparse(key, 0), key, _operand.Pointer, codes.Pointer, sums.Pointer, stream);
        kernels.Rescale(
            sums.Pointer, sum, (_scales.Pointer, tokens.Pointer), call.Bias?.Pointer ?? 0, call.Bias?.Type ?? CudaType.F32, call.Output, call.Input.Type,
            call.Activation, (rows, Spec.OutFeatures));
    }
}
