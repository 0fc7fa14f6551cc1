using BiMaskGen.Kernels;
using BiMaskGen.Kernels.Cuda;
using BiMaskGen.Masks;

namespace BiMaskGen.Tool.GpuCheck;

/// <summary>What y of a released layer takes, in milliseconds; 2:4, bf16 input and output, no bias.</summary>
/// <param name="Tokens">Rows of the batch.</param>
/// <param name="InFeatures">in_features.</param>
/// <param name="OutFeatures">out_features.</param>
/// <param name="Dense">bf16 by cuBLASLt.</param>
/// <param name="Released">bf16 on the compressed operand.</param>
/// <param name="Int8">int8, with quantising the input and scaling back.</param>
/// <param name="Float8">The same in float8 e4m3; null where this machine does not know it.</param>
/// <param name="Quantize">Of that, quantising the input.</param>
/// <param name="Rescale">And scaling back.</param>
/// <param name="DenseBytes">Bytes of the dense weight.</param>
/// <param name="ReleasedBytes">Bytes that are kept in bf16; 0 for what there is not.</param>
/// <param name="Int8Bytes">The same in int8.</param>
/// <param name="Float8Bytes">The same in float8.</param>
internal sealed record InferenceTimingResult(
    int Tokens, int InFeatures, int OutFeatures, double Dense, double? Released, double? Int8, double? Float8, double Quantize, double Rescale,
    long DenseBytes, long ReleasedBytes, long Int8Bytes, long Float8Bytes);

/// <summary>Times released layers against the dense product in the same run.</summary>
/// <param name="runtime">CUDA.</param>
/// <param name="device">The GPU.</param>
internal sealed class InferenceTiming(CudaRuntime runtime, CudaDevice device)
{
    private const int WarmUps = 5;
    private const int Samples = 21;

    private static readonly NMPattern s_pattern = new(2, 4);

    /// <summary>Times one shape.</summary>
    public InferenceTimingResult Run((int Tokens, int InFeatures, int OutFeatures) shape, CudaStream stream)
    {
        CudaLayerSpec spec = new("timed", s_pattern, shape.OutFeatures, shape.InFeatures, CudaType.BF16, CudaType.BF16);
        float[] masked = Masked(spec);
        using CudaContext.Scope scope = device.Context.Enter();
        using DeviceMatrix weight = DeviceMatrix.Of(device, CudaType.BF16, masked, stream.Handle);
        using DeviceMatrix input = DeviceMatrix.Random(device, CudaType.BF16, (long)shape.Tokens * shape.InFeatures, 2, stream.Handle);
        using DeviceMatrix output = new(device, CudaType.BF16, (long)shape.Tokens * shape.OutFeatures, stream.Handle);
        double dense = Time(stream, () => Dense(spec, shape.Tokens, weight, input, output, stream));
        ReleasedCall call = new(
            new CudaTensor(input.Pointer, CudaType.BF16, device.Ordinal, shape.Tokens, shape.InFeatures), output.Pointer, null, default, Activation.None, stream.Handle);
        (double? released, long releasedBytes) = Released(spec, masked, InferencePrecision.AsTrained, call, stream);
        (double? int8, long int8Bytes) = Released(spec, masked, InferencePrecision.Int8, call, stream);
        (double? float8, long float8Bytes) = Released(spec, masked, InferencePrecision.Float8, call, stream);
        (double quantize, double rescale) = Passes(shape, input, output, stream);
        return new InferenceTimingResult(
            shape.Tokens, shape.InFeatures, shape.OutFeatures, dense, released, int8, float8, quantize, rescale,
            spec.Entries * CudaType.BF16.Bytes(), releasedBytes, int8Bytes, float8Bytes);
    }

    // Random once, since the numbers do not show in a time: the rows of the first block again and again.
    private static float[] Masked(CudaLayerSpec spec)
    {
        int rows = Math.Min(spec.OutFeatures, 256);
        float[] block = RandomNumbers.Normal(rows * spec.InFeatures, 1), masked = new float[spec.Entries];
        NMMask mask = new(rows, spec.InFeatures);
        ForwardMask.Compute(spec.Pattern, block, rows, spec.InFeatures, mask);
        for (int i = 0; i < block.Length; i++)
        {
            block[i] = mask[i / spec.InFeatures, i % spec.InFeatures] ? block[i] : 0;
        }

        for (int first = 0; first < masked.Length; first += block.Length)
        {
            block.AsSpan(0, Math.Min(block.Length, masked.Length - first)).CopyTo(masked.AsSpan(first));
        }

        return masked;
    }

    private (double? Milliseconds, long Bytes) Released(CudaLayerSpec spec, float[] masked, InferencePrecision precision, ReleasedCall call, CudaStream stream)
    {
        ReleaseChoice choice;
        try
        {
            choice = ReleaseChoice.Of(runtime, device, spec, precision);
        }
        catch (NMSparsePrecisionException)
        {
            return (null, 0);
        }

        if (!choice.IsSparse)
        {
            return (null, 0);
        }

        using ReleasedOnCuda released = ReleasedOnCuda.Of(runtime, device, spec, choice, masked, stream.Handle);
        return (Time(stream, () => released.Forward(call)), released.Bytes);
    }

    private (double Quantize, double Rescale) Passes((int Tokens, int InFeatures, int OutFeatures) shape, DeviceMatrix input, DeviceMatrix output, CudaStream stream)
    {
        using DeviceBuffer codes = new(device.Context, (long)shape.Tokens * shape.InFeatures, stream.Handle), sums = new(device.Context, (long)shape.Tokens * shape.OutFeatures * sizeof(int), stream.Handle);
        using DeviceMatrix tokens = new(device, CudaType.F32, shape.Tokens, stream.Handle), weights = DeviceMatrix.Random(device, CudaType.F32, shape.OutFeatures, 1, stream.Handle);
        InferenceKernels kernels = new(new StreamLauncher(device, stream.Handle));
        device.Context.Driver.Fill(sums.Pointer, 1, sums.Bytes, stream.Handle);
        return (
            Time(stream, () => kernels.Quantize(input.Pointer, CudaType.BF16, codes.Pointer, CudaType.I8, tokens.Pointer, (shape.Tokens, shape.InFeatures), shape.Tokens)),
            Time(stream, () => kernels.Rescale(
                sums.Pointer, CudaType.I32, (weights.Pointer, tokens.Pointer), 0, CudaType.BF16, output.Pointer, CudaType.BF16, Activation.None, (shape.Tokens, shape.OutFeatures))));
    }

    private void Dense(CudaLayerSpec spec, int tokens, DeviceMatrix weight, DeviceMatrix input, DeviceMatrix output, CudaStream stream)
    {
        ThreadHandles handles = ThreadHandles.Of(runtime, device);
        DensePlan plan = handles.Dense(new(new(spec.Forward(tokens), CudaType.BF16, false, false), DenseForm.Activations, CudaType.BF16), 0);
        plan.Run(weight.Pointer, input.Pointer, output.Pointer, 0, handles.Workspace(plan.WorkspaceBytes, stream.Handle), stream.Handle);
    }

    private double Time(CudaStream stream, Action work) => EventTimer.Median(device.Context, stream.Handle, work, WarmUps, Samples);
}
