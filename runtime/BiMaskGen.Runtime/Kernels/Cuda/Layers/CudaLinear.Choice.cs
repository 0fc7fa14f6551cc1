namespace BiMaskGen.Kernels.Cuda;

internal sealed partial class CudaLinear
{
    /// <summary>How the products run, or ran whose choice was made so far, on what the method makes of the weight now; for reports.</summary>
    /// <param name="rows">Rows of the batch.</param>
    /// <param name="training">Whether in training.</param>
    /// <param name="isBackward">dX, else y.</param>
    public ProductChoice? ChoiceOf(int rows, bool training, bool isBackward)
    {
        ProductShape shape = isBackward ? spec.Backward(rows) : spec.Forward(rows);
        return Given(_form, isBackward, shape)
            ?? (device.Choices.TryGetValue((_form.Pattern, shape, spec.Compute, training), out ProductChoice choice) ? choice : null);
    }

    // Epilogues do not count: both libraries fuse the same ones.
    private ProductChoice Choose(
        CudaOperands operands, bool isBackward, in PlanKey key, ulong dense, ulong output, ulong bias, bool training, nint stream)
    {
        if (Given(operands.Form, isBackward, key.Shape) is { } given)
        {
            return given;
        }

        NMPattern pattern = operands.Form.Pattern;
        if (!device.Choices.TryGetValue((pattern, key.Shape, spec.Compute, training), out ProductChoice choice))
        {
            // Two threads may both measure; the first to finish is believed by both.
            choice = device.Choices.GetOrAdd(
                (pattern, key.Shape, spec.Compute, training), Measure(operands, isBackward, key, dense, output, bias, training, stream));
        }

        return choice;
    }

    private ProductChoice? Given(in OperandForm form, bool isBackward, in ProductShape shape) =>
        form.Refusal(isBackward) is { } dense ? ProductChoice.Given(false, dense) : Given(runtime, form.Pattern, shape, spec.Compute);

    /// <summary>What stands without a measurement: the user's word, then what the hardware takes, then what is installed; null where it would be measured.</summary>
    /// <param name="runtime">CUDA.</param>
    /// <param name="pattern">N:M.</param>
    /// <param name="shape">The product.</param>
    /// <param name="type">The type of its operands.</param>
    internal static ProductChoice? Given(CudaRuntime runtime, NMPattern pattern, in ProductShape shape, CudaType type) =>
        KernelPolicy.Mode == KernelMode.Dense ? ProductChoice.Given(false, $"{KernelPolicy.Variable}=dense")
        : TensorCores.Refusal(pattern, shape, type) is { } refusal ? ProductChoice.Given(false, refusal)
        : !runtime.HasCusparseLt ? ProductChoice.Given(false, "cuSPARSELt was not found")
        : KernelPolicy.Mode is KernelMode.Sparse or KernelMode.Deterministic ? ProductChoice.Given(true, $"{KernelPolicy.Variable}={KernelPolicy.Mode.ToString().ToLowerInvariant()}")
        : null;

    private ProductChoice Measure(
        CudaOperands operands, bool isBackward, PlanKey key, ulong dense, ulong output, ulong bias, bool training, nint stream)
    {
        try
        {
            double sparse = EventTimer.Median(device.Context, stream, () => Sparse(operands, isBackward, key, dense, output, bias, stream));
            double compress = training ? CompressTime(operands, isBackward, key, bias, stream) : 0;
            double masked = EventTimer.Median(device.Context, stream, () => Dense(operands, isBackward, key, dense, output, bias, stream));
            return ProductChoice.Measured(sparse + compress, masked);
        }
        catch (NMSparseCudaException e) when (!e.IsOutOfMemory && e.Call.StartsWith("cusparseLt", StringComparison.Ordinal))
        {
            // A GPU or a shape that this version of the library does not take: said in the report, and dense runs.
            return ProductChoice.Given(false, e.Message);
        }
    }

    // In training each product comes with operands of its own. The mask pass is the same for both products and does not count.
    private double CompressTime(CudaOperands operands, bool isBackward, in PlanKey key, ulong bias, nint stream)
    {
        SparsePlan plan = ThreadHandles.Of(runtime, device).Sparse(key, bias);
        using DeviceBuffer compressed = new(device.Context, plan.CompressedBytes, stream);
        return EventTimer.Median(device.Context, stream, () => operands.Compress(isBackward, plan, compressed.Pointer));
    }
}
