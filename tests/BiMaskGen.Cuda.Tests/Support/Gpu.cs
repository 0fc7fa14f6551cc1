using System.Runtime.CompilerServices;
using BiMaskGen.Kernels.Cuda;
using BiMaskGen.Runtime.Tests.Cuda;

namespace BiMaskGen.Cuda.Tests.Support;

/// <summary>Runs tests as if all tensors were on a GPU, over the fake CUDA libraries.</summary>
internal static class Gpu
{
    /// <summary>Runs a body, then asserts that all that was made on the GPU is given back.</summary>
    public static void Run(FakeCuda fake, KernelMode mode, Action body)
    {
        KernelMode before = KernelPolicy.Mode;
        using (CudaRuntime runtime = fake.Open())
        {
            TorchShim tensors = TorchShim.Open(LibrarySearch.Find(LibraryName.Torch, fake.Libraries), LibrarySearch.Find(LibraryName.TorchCuda, fake.Libraries));
            CudaHost.Replace(new CudaHost(runtime, tensors));
            PretendGpu.IsOn = true;
            KernelPolicy.Mode = mode;

            // Whatever ran before: weights are the same at every run.
            manual_seed(1);
            try
            {
                Apart(body);
            }
            finally
            {
                PretendGpu.IsOn = false;
                KernelPolicy.Mode = before;
                CudaHost.Replace(null);
            }

            // Layers are freed with their modules; what they held goes back by finalizers, which may free others.
            for (int i = 0; i < 3; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        }

        fake.AssertClean();
    }

    // A frame of its own, so that nothing of the body is still held by this one.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Apart(Action body) => body();
}
