namespace BiMaskGen.Kernels.Cuda;

/// <summary>A torch tensor on a GPU, as kernels see it: a matrix without gaps.</summary>
/// <param name="Pointer">Its first element.</param>
/// <param name="Type">The type of its elements.</param>
/// <param name="Device">The GPU.</param>
/// <param name="Rows">All dimensions but the last, multiplied.</param>
/// <param name="Columns">The last dimension.</param>
internal readonly record struct CudaTensor(ulong Pointer, CudaType Type, int Device, int Rows, int Columns);

/// <summary>Where torch keeps tensors and streams. Behind an interface, for a torch without CUDA has neither.</summary>
internal interface ICudaTensors
{
    /// <summary>A tensor's memory. The caller keeps the tensor alive while it, or work that it started, uses it.</summary>
    /// <param name="layer">The layer that it came to, for messages.</param>
    /// <param name="what">What it is to the layer.</param>
    /// <param name="handle">TorchSharp's <c>Tensor.Handle</c>.</param>
    /// <exception cref="NMSparseTypeException">It is not on a GPU, or of a type that kernels do not take.</exception>
    /// <exception cref="NMSparseShapeException">It has gaps, or more entries than a matrix of kernels can have.</exception>
    CudaTensor Read(string layer, string what, nint handle);

    /// <summary>torch's version counter of a tensor: every operation that writes to it moves it.</summary>
    /// <param name="handle">TorchSharp's <c>Tensor.Handle</c>.</param>
    /// <exception cref="NMSparseCudaException">libtorch refused, as it does for tensors made in inference mode.</exception>
    long Version(nint handle);

    /// <summary>The stream on which torch works at present, on this thread and on a GPU.</summary>
    nint CurrentStream(int device);
}
