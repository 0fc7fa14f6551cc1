using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>
/// For tests of code that works on GPU tensors by their handles: while it is on, every tensor of the process says that it is on the first GPU, and its
/// handle points to what a stand-in of libtorch's C shim reads. The memory stays the machine's.
/// </summary>
internal static unsafe class PretendGpu
{
    private const int MaxDimensions = 4;

    public static readonly Device Device = new(DeviceType.CUDA, 0);

    public static bool IsOn { get; set; }

    /// <summary>The description of a tensor, brought up to date.</summary>
    public static nint HandleOf(TensorImpl impl)
    {
        if (impl.Shape.Length > MaxDimensions)
            throw new NotSupportedException($"The pretended GPU shows tensors of at most {MaxDimensions} dimensions.");
        ref nint native = ref impl.Native;
        if (native == 0)
            native = (nint)NativeMemory.AllocZeroed((nuint)sizeof(View));
        var view = (View*)native;
        fixed (byte* memory = impl.Buffer.Span<byte>(0, impl.Buffer.Length))
            view->Data = memory + (impl.Offset * impl.Dtype.ElementSize());
        view->DeviceType = (int)DeviceType.CUDA;
        view->Type = (int)impl.Dtype;
        view->Dimensions = impl.Shape.Length;
        view->Version = impl.Buffer.Version;
        for (int i = 0; i < impl.Shape.Length; i++)
            (view->Sizes[i], view->Strides[i]) = (impl.Shape[i], impl.Strides[i]);
        return native;
    }

    /// <summary>Frees a description.</summary>
    public static void Forget(ref nint native)
    {
        NativeMemory.Free((void*)native);
        native = 0;
    }

    /// <summary>As tests/BiMaskGen.Runtime.Tests/Cuda/Native/fake_torch.cpp reads it; the memory of a buffer does not move.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct View
    {
        public void* Data;
        public int DeviceType;
        public int DeviceIndex;
        public int Type;
        public long Dimensions;
        public fixed long Sizes[MaxDimensions];
        public fixed long Strides[MaxDimensions];
        public long Version;
    }
}
