using BiMaskGen.Checkpoints;

namespace BiMaskGen.Kernels.Cuda;

/// <summary>One call of a released layer.</summary>
/// <param name="Input">x [rows, in_features].</param>
/// <param name="Output">y [rows, out_features], written; of x's type.</param>
/// <param name="Bias">The bias, or null.</param>
/// <param name="BiasKey">Its state.</param>
/// <param name="Activation">The activation.</param>
/// <param name="Stream">The stream.</param>
internal readonly record struct ReleasedCall(CudaTensor Input, ulong Output, CudaTensor? Bias, WeightKey BiasKey, Activation Activation, nint Stream);

/// <summary>
/// All that a layer on a GPU keeps of its weight for inference. Calls may come from any thread and stream: nothing of it changes, and what a call needs beside it
/// the call allocates in the order of its stream. Only the first product of a shape waits for the GPU.
/// </summary>
internal abstract class ReleasedOnCuda(CudaRuntime runtime, CudaDevice device, CudaLayerSpec spec, ReleaseChoice choice) : IDisposable
{
    /// <summary>What it keeps.</summary>
    public ReleaseChoice Choice => choice;

    /// <summary>The GPU's number.</summary>
    public int Ordinal => device.Ordinal;

    /// <summary>Bytes held on the GPU.</summary>
    public abstract long Bytes { get; }

    protected CudaRuntime Runtime => runtime;

    protected CudaDevice Device => device;

    protected CudaLayerSpec Spec => spec;

    /// <summary>The type that input and output have, for input of a type.</summary>
    public abstract CudaType InputType(CudaType input);

    /// <summary>Makes what is kept. Waits until the GPU has it, so that calls on other streams may come at once.</summary>
    /// <param name="runtime">CUDA.</param>
    /// <param name="device">The GPU.</param>
    /// <param name="spec">The layer.</param>
    /// <param name="choice">What to keep.</param>
    /// <param name="masked">W ⊙ Mf, or what else forward multiplies, [out_features, in_features].</param>
    /// <param name="stream">The stream.</param>
    /// <exception cref="NMSparseCudaException">The GPU has too little free memory.</exception>
    public static ReleasedOnCuda Of(CudaRuntime runtime, CudaDevice device, CudaLayerSpec spec, ReleaseChoice choice, ReadOnlySpan<float> masked, nint stream)
    {
        using CudaContext.Scope scope = device.Context.Enter();
        float[] positive = PositiveZeros(masked);
        ReleasedOnCuda released = choice.Operand.IsQuantized()
            ? new ReleasedQuantized(runtime, device, spec, choice, positive, stream)
            : new ReleasedProduct(runtime, device, spec, choice, positive, stream);
        try
        {
            device.Context.Driver.Synchronize(stream);
            return released;
        }
        catch
        {
            released.Dispose();
            throw;
        }
    }

    /// <summary>y = activation(x (W ⊙ Mf)ᵀ + b).</summary>
    public void Forward(in ReleasedCall call)
    {
        if (call.Input.Rows > 0)
        {
            using CudaContext.Scope scope = device.Context.Enter();
            Multiply(call);
        }
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    protected abstract void Multiply(in ReleasedCall call);

    /// <summary>Rows of a batch, filled up to what the product takes.</summary>
    protected int Batch(int rows)
    {
        int multiple = choice.IsSparse ? TensorCores.DenseMultipleOf(choice.Operand) : 1;
        return checked(LaunchPlan.Tiles(rows, multiple) * multiple);
    }

    // A pruned weight below zero leaves −0, which is no zero to who looks at bits: nobody says that compression does not.
    private static float[] PositiveZeros(ReadOnlySpan<float> masked)
    {
        float[] positive = new float[masked.Length];
        for (int i = 0; i < positive.Length; i++)
        {
            positive[i] = masked[i] == 0 ? 0 : masked[i];
        }

        return positive;
    }

    /// <summary>Numbers on the GPU, converted to a type.</summary>
    protected static DeviceBuffer Upload(CudaDevice device, CudaType type, ReadOnlySpan<float> values, nint stream)
    {
        if (type == CudaType.F32)
        {
            return DeviceBuffer.Of(device.Context, values, stream);
        }

        byte[] converted = new byte[values.Length * type.Bytes()];
        TensorConversion.FromSingle(type.OnCpu(), values, converted);
        return DeviceBuffer.Of<byte>(device.Context, converted, stream);
    }

    /// <summary>A 2:4 operand compressed; it may be freed afterwards.</summary>
    protected DeviceBuffer Compress(ulong operand, nint stream)
    {
        PlanKey key = new(spec.Forward(Batch(1)), choice.Operand, false, false);
        SparsePlan plan = ThreadHandles.Of(runtime, device).Sparse(key, 0);
        DeviceBuffer compressed = new(device.Context, plan.CompressedBytes, stream);
        try
        {
            using DeviceBuffer buffer = new(device.Context, plan.CompressBufferBytes, stream);
            plan.Compress(operand, compressed.Pointer, buffer.Pointer, stream);
            return compressed;
        }
        catch
        {
            compressed.Dispose();
            throw;
        }
    }
}
