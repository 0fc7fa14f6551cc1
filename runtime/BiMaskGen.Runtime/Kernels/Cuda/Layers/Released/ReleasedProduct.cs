namespace BiMaskGen.Kernels.Cuda;

/// <summary>A released layer in the precision that it was trained in: its compressed operand, or the masked dense one where there is no compressed one.</summary>
internal sealed class ReleasedProduct : ReleasedOnCuda
{
    private readonly DeviceBuffer _operand;
    private readonly ReleasedBias _bias;

    /// <summary>Makes the operand.</summary>
    public ReleasedProduct(CudaRuntime runtime, CudaDevice device, CudaLayerSpec spec, ReleaseChoice choice, ReadOnlySpan<float> masked, nint stream)
        : base(runtime, device, spec, choice)
    {
        DeviceBuffer dense = Upload(device, choice.Operand, masked, stream);
        _bias = new ReleasedBias(device, choice.Operand, spec.OutFeatures);
        if (!choice.IsSparse)
        {
            _operand = dense;
            return;
        }

        using (dense)
        {
            _operand = Compress(dense.Pointer, stream);
        }
    }

    /// <inheritdoc/>
    public override long Bytes => _operand.Bytes;

    /// <inheritdoc/>
    public override CudaType InputType(CudaType input) => Choice.Operand;

    /// <inheritdoc/>
    public override void Dispose()
    {
        _operand.Dispose();
        _bias.Dispose();
    }

    /// <inheritdoc/>
    protected override void Multiply(in ReleasedCall call)
    {
        (int rows, nint stream) = (call.Input.Rows, call.Stream);
        ulong bias = call.Bias is { } b ? _bias.Of(b, call.BiasKey, stream) : 0;
        PlanKey key = new(Spec.Forward(Batch(rows)), Choice.Operand, bias != 0, call.Activation == Activation.Relu);
        if (key.Shape.Batch == rows)
        {
            Multiply(key, call.Input.Pointer, call.Output, bias, stream);
        }
        else
        {
            DriverApi driver = Device.Context.Driver;
            long width = Choice.Operand.Bytes(), inputs = Spec.InFeatures * width, outputs = Spec.OutFeatures * width;
            using DeviceBuffer input = new(Device.Context, key.Shape.Batch * inputs, stream), output = new(Device.Context, key.Shape.Batch * outputs, stream);
            driver.Copy(input.Pointer, call.Input.Pointer, rows * inputs, stream);
            driver.Fill(input.Pointer + (ulong)(rows * inputs), 0, input.Bytes - (rows * inputs), stream);
            Multiply(key, input.Pointer, output.Pointer, bias, stream);
            driver.Copy(call.Output, output.Pointer, rows * outputs, stream);
        }

        if (call.Activation.KeepsInput())
        {
            new LayerKernels(new StreamLauncher(Device, stream)).Epilogue(
                call.Output, Choice.Operand, 0, Choice.Operand, 0, call.Activation, (rows, Spec.OutFeatures));
        }
    }

    private void Multiply(in PlanKey key, ulong input, ulong output, ulong bias, nint stream)
    {
        ThreadHandles handles = ThreadHandles.Of(Runtime, Device);
        if (Choice.IsSparse)
        {
            handles.Run(handles.Sparse(key, bias), key, _operand.Pointer, input, output, stream);
            return;
        }

        DensePlan plan = handles.Dense(new(key, DenseForm.Activations, key.Type), bias);
        plan.Run(_operand.Pointer, input, output, bias, handles.Workspace(plan.WorkspaceBytes, stream), stream);
    }
}
