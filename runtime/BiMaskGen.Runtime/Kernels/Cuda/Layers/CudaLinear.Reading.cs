using BiMaskGen.Checkpoints;
using BiMaskGen.Masks;

namespace BiMaskGen.Kernels.Cuda;

/// <content>What the CPU is told of a weight on a GPU, for what is made there. All of it waits for the GPU.</content>
internal sealed partial class CudaLinear
{
    // Of a weight that is copied to the machine: a small part of it is enough to keep the bus busy.
    private const int EntriesAtOnce = 1 << 22;

    /// <summary>The weight as float32, exactly.</summary>
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
            TensorConversion.ToSingle(TypeOf(spec.Weight), new ReadOnlySpan<byte>(part.Pointer, count * size), values.AsSpan(first, count));
        }

        return values;
    }

    /// <summary>
    /// The forward mask of a weight, for the search of a permutation, which runs on the CPU. It is copied on a stream of its own, so that later work
    /// of the layer's stream goes on; the caller waits.
    /// </summary>
    public unsafe NMMask ForwardMask(ulong weight, nint stream)
    {
        using CudaContext.Scope scope = device.Context.Enter();
        DriverApi driver = device.Context.Driver;
        NMMask mask = new(spec.OutFeatures, spec.InFeatures);
        long bytes = (long)mask.Words.Length * sizeof(ulong);
        using CudaStream side = new(device.Context);
        using DeviceBuffer words = new(device.Context, bytes, stream);
        using PinnedBuffer copy = new(device.Context, Math.Max(bytes, 1));
        using CudaEvent made = new(device.Context), copied = new(device.Context);
        new LayerKernels(new StreamLauncher(device, stream)).MaskBits(spec.Pattern, weight, spec.Weight, words.Pointer, spec.Shape);
        made.Record(stream);
        driver.Wait(side.Handle, made.Handle);
        driver.CopyToHost(copy.Pointer, words.Pointer, bytes, side.Handle);
        copied.Record(side.Handle);
        driver.SynchronizeEvent(copied.Handle);
        new ReadOnlySpan<ulong>(copy.Pointer, mask.Words.Length).CopyTo(mask.Words);
        return mask;
    }

    private static DType TypeOf(CudaType type) => type switch { CudaType.F32 => DType.F32, CudaType.BF16 => DType.BF16, _ => DType.F16 };
}
