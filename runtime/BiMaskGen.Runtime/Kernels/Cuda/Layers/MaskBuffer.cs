using BiMaskGen.Masks;

namespace BiMaskGen.Kernels.Cuda;

/// <summary>Masks that were made on the CPU, as bits on a GPU.</summary>
internal static unsafe class MaskBuffer
{
    /// <summary>Memory for the words of a mask.</summary>
    public static DeviceBuffer Allocate(CudaContext context, NMMask mask, nint stream) => new(context, (long)mask.Words.Length * sizeof(ulong), stream);

    /// <summary>Copies the words.</summary>
    public static void Write(DeviceBuffer words, NMMask mask, nint stream)
    {
        // From pageable memory: the driver has taken its copy when the call returns.
        fixed (ulong* source = mask.Words)
        {
            words.Context.Driver.CopyToDevice(words.Pointer, source, words.Bytes, stream);
        }
    }
}
