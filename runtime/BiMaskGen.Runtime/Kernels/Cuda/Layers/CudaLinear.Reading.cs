using BiMaskGen.Checkpoints;
using BiMaskGen.Masks;

namespace BiMaskGen.Kernels.Cuda;

/// <content>What the CPU is told of a weight on a GPU, for what is made there.</content>
internal sealed partial class CudaLinear
{
    // Of a weight that is copied to the machine: a small part of it is enough to keep the bus busy.
    private const int EntriesAtOnce = 1 << 22;

    /// <summary>The weight as float32, exactly. Waits for the GPU.</summary>
    /// <param name="weight">W [out_features, in_features].</param>
    /// <param name="stream">The stream that writes it.</param>
    public unsafe float[] Values(ulong weight, nint stream)
    {
        using CudaContext.Scope scope = device.Context.Enter();
        DriverApi driver = device.Context.Driver;
        int size = spec.Weight.Bytes();
        float[] values = new float[spec.Entries];
        using PinnedBuffer part = new(device.Context, (long)Math.Min(values.Length, EntriesAtOnce) * size);
        using CudaEvent copied = new(device.Context);
        for (int first = 0; first < values.Length; first += EntriesAtOnce)
        {
            int count = Math.Min(EntriesAtOnce, values.Length - first);
            driver.CopyToHost(part.Pointer, weight + ((ulong)first * (ulong)size), (long)count * size, stream);
            copied.Record(stream);
            driver.SynchronizeEvent(copied.Handle);
            TensorConversion.ToSingle(spec.Weight.OnCpu(), new ReadOnlySpan<byte>(part.Pointer, count * size), values.AsSpan(first, count));
        }

        return values;
    }

    /// <summary>The forward mask of a weight, for the search of a permutation, which runs on the CPU.</summary>
    /// <param name="weight">W [out_features, in_features].</param>
    /// <param name="stream">The stream that writes it.</param>
    /// <returns>The mask on its way: whether to wait for it is the caller's to say.</returns>
    public MaskCopy ForwardMask(ulong weight, nint stream) => new(
        device, spec, (words, _) => new LayerKernels(new StreamLauncher(device, stream)).MaskBits(spec.Pattern, weight, spec.Weight, words, spec.Shape), stream);

    /// <summary>The transposable mask of a weight at 2:4; null if a weight is NaN or infinite. Waits for the GPU.</summary>
    /// <param name="weight">W [out_features, in_features].</param>
    /// <param name="stream">The stream that writes it.</param>
    public NMMask? TransposableMask(ulong weight, nint stream)
    {
        MaskCopy copy = new(
            device, spec, (words, problems) => new LayerKernels(new StreamLauncher(device, stream)).Transposable(weight, spec.Weight, words, problems, spec.Shape), stream);
        NMMask mask = copy.Take();
        return copy.Flags == 0 ? mask : null;
    }
}
