namespace BiMaskGen.Kernels.Cuda;

/// <summary>What layers need of this process to run on a GPU.</summary>
/// <param name="Runtime">CUDA.</param>
/// <param name="Tensors">torch's tensors.</param>
internal sealed record CudaHost(CudaRuntime Runtime, ICudaTensors Tensors)
{
    private static readonly Lock s_gate = new();
    private static CudaHost? s_current;

    /// <summary>CUDA and torch of this process, looked for when the first layer sees a CUDA tensor.</summary>
    /// <param name="layer">The layer, for the message.</param>
    /// <exception cref="NMSparseNoCudaException">The driver, a GPU, or a libtorch with CUDA is missing.</exception>
    public static CudaHost Current(string layer)
    {
        lock (s_gate)
        {
            return s_current ??= new CudaHost(CudaRuntime.Current($"{layer} was called with a CUDA tensor"), TorchShim.Open());
        }
    }

    /// <summary>Puts another one in its place, for tests.</summary>
    internal static void Replace(CudaHost? host)
    {
        lock (s_gate)
        {
            s_current = host;
        }
    }
}
