using System.Runtime.CompilerServices;
using BiMaskGen.Kernels;
using BiMaskGen.Kernels.Cuda;
using BiMaskGen.Tool.GpuCheck;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Cuda;

/// <summary>What happens when a call fails, memory ends, or threads and streams are several.</summary>
[Collection(FakeCudaCollection.Name)]
public sealed class CudaFailureTests(FakeCuda fake)
{
    private const int OutOfMemory = 2;
    private const int Unknown = 999;
    private const string EnterContext = "cuCtxPushCurrent_v2";

    // A sparse step with an epilogue of our own, so that it calls every function there is.
    private static readonly StepCase s_case = new(new(2, 4), 32, 32, 8, CudaType.F32, CudaType.BF16, Activation.Gelu, true);

    // Giving back cannot fail in a way that anyone could act on; names of errors are asked for while one is being told.
    private static readonly string[] s_silent =
    [
        "cuCtxPopCurrent_v2", "cuCtxSynchronize", "cuDevicePrimaryCtxRelease_v2", "cuMemFreeAsync", "cuMemFreeHost", "cuModuleUnload", "cuStreamDestroy_v2", "cuEventDestroy_v2",
        "nvrtcDestroyProgram", "cublasLtDestroy", "cublasLtMatmulDescDestroy", "cublasLtMatrixLayoutDestroy", "cublasLtMatmulPreferenceDestroy",
        "cusparseLtDestroy", "cusparseLtMatDescriptorDestroy", "cusparseLtMatmulAlgSelectionDestroy", "cusparseLtMatmulPlanDestroy",
    ];

    [NativeFact]
    public void EachCallThatFailsIsNamedAndLeavesNothingBehind() => CudaLinearTests.In(KernelMode.Sparse, () =>
    {
        string cubin = FirstCubin();
        foreach ((string function, long calls) in Called(cubin))
        {
            // The first call, and one that comes when more is there already; but a context that cannot be entered is a GPU that is lost,
            // and nothing can be given back to it.
            foreach (long after in function == EnterContext ? [0] : (long[])[0, calls / 2])
            {
                File.Delete(cubin);
                using (CudaRuntime runtime = fake.Open())
                {
                    fake.Fail(function, after, Unknown);
                    Exception? error = Record.Exception(() => { StepCheck.Run(runtime, s_case, 0); });
                    string name = function.Replace("_v2", "", StringComparison.Ordinal);
                    Assert.True(error is NMSparseCudaException cuda && cuda.Call.Contains(name, StringComparison.Ordinal) && cuda.Code == Unknown, $"{function} after {after}: {error}");
                }

                GC.Collect();
                GC.WaitForPendingFinalizers();
                Assert.Equal("", fake.Violations);
                Assert.True(fake.Live().Length == 0, $"{function} after {after}: {fake.Live()}");
            }
        }
    });

    [NativeFact]
    public void AfterAFailureTheNextStepIsRight() => CudaLinearTests.In(KernelMode.Sparse, () =>
    {
        using (CudaRuntime runtime = fake.Open())
        {
            foreach (string function in (string[])["cusparseLtMatmulPlanInit", "cuMemAllocAsync", "cuLaunchKernel", "cusparseLtSpMMACompress2", "cublasLtMatmul"])
            {
                fake.Fail(function, 0, Unknown);
                Assert.Throws<NMSparseCudaException>(() => { StepCheck.Run(runtime, s_case, 0); });
                Assert.Null(StepCheck.Run(runtime, s_case, 0));
            }
        }

        fake.AssertClean();
    });

    [NativeFact]
    public void TooLittleMemoryIsSaidAndPasses() => CudaLinearTests.In(KernelMode.Sparse, () =>
    {
        using (CudaRuntime runtime = fake.Open())
        {
            // Enough for the tensors, not for a workspace.
            fake.LimitMemory(16 << 10);
            NMSparseCudaException error = Assert.Throws<NMSparseCudaException>(() => { StepCheck.Run(runtime, s_case, 0); });
            Assert.True(error.IsOutOfMemory);
            Assert.Equal("CUDA_ERROR_OUT_OF_MEMORY", error.CodeName);
            Assert.Contains("smaller batch", error.Message, StringComparison.Ordinal);
            fake.LimitMemory(1L << 34);
            Assert.Null(StepCheck.Run(runtime, s_case, 0));
        }

        fake.AssertClean();
    });

    [NativeFact]
    public void WhatTheSparseLibraryRefusesRunsDense() => CudaLinearTests.In(KernelMode.Auto, () =>
    {
        using (CudaRuntime runtime = fake.Open())
        {
            fake.Fail("cusparseLtMatmulSearch", 0, 10);
            Assert.Null(StepCheck.Run(runtime, s_case, 0));
            using CudaLinear layer = new(runtime, runtime.Device(0), s_case.Spec);
            ProductChoice choice = layer.ChoiceOf(s_case.Rows, training: true, isBackward: false)!.Value;
            Assert.False(choice.IsSparse);
            Assert.Contains("CUSPARSE_STATUS_NOT_SUPPORTED", choice.Reason, StringComparison.Ordinal);
        }

        fake.AssertClean();
    });

    [NativeFact]
    public void ThreadsHaveHandlesOfTheirOwnAndStreamsTheirWork() => CudaLinearTests.In(KernelMode.Sparse, () =>
    {
        using (CudaRuntime runtime = fake.Open())
        {
            CudaDevice device = runtime.Device(0);
            List<CudaStream> streams = [];
            using (device.Context.Enter())
            {
                streams.AddRange(Enumerable.Range(0, 4).Select(_ => new CudaStream(device.Context)));
            }

            Exception?[] errors = new Exception?[2];
            Thread[] threads = [.. Enumerable.Range(0, 2).Select(t => new Thread(() => errors[t] = Record.Exception(() =>
            {
                for (int step = 0; step < 4; step++)
                {
                    Assert.Null(StepCheck.Run(runtime, s_case with { Seed = (10 * t) + step, HasBias = step % 2 == 0 }, streams[(2 * t) + (step % 2)].Handle));
                }
            })))];
            Array.ForEach(threads, thread => thread.Start());
            Array.ForEach(threads, thread => thread.Join());
            Assert.All(errors, Assert.Null);
            Assert.All(streams, stream => Assert.True(fake.Work(stream.Handle) > 0));
            Assert.Equal(0, fake.Work(0));
            Assert.Equal("", fake.Violations);
            Assert.Equal(2, fake.Calls("cusparseLtInit"));
            Assert.Equal(2, fake.Calls("cublasLtCreate"));

            // Before the threads' workspaces on them are freed: those must not ask for a stream that is gone.
            streams.ForEach(stream => stream.Dispose());
        }

        fake.AssertClean();
    });

    [NativeFact]
    public void MemoryThatIsLeftToTheFinalizerWaitsForAllWorkAndAsksForNoStream()
    {
        using (CudaRuntime runtime = fake.Open())
        {
            LeaveBehind(runtime.Device(0));
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Assert.Equal("", fake.Violations);
            Assert.Equal(1, fake.Calls("cuMemFreeAsync"));
            Assert.Equal(1, fake.Calls("cuCtxSynchronize"));
        }

        fake.AssertClean();
    }

    // A thread that ends leaves handles and workspaces, on streams that may be destroyed before finalizers come.
    [NativeFact]
    public void AThreadThatHasEndedLeavesItsWorkspacesToItsHandles() => CudaLinearTests.In(KernelMode.Sparse, () =>
    {
        using (CudaRuntime runtime = fake.Open())
        {
            RunOnAThread(runtime);

            // What belongs to a thread is collected some time after it has ended.
            for (int i = 0; i < 20 && fake.Calls("cuCtxSynchronize") == 0; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }

            // One wait for all that the thread has had, by its handles.
            Assert.Equal("", fake.Violations);
            Assert.Equal(1, fake.Calls("cuCtxSynchronize"));
        }

        fake.AssertClean();
    });

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void RunOnAThread(CudaRuntime runtime)
    {
        using CudaStream stream = NewStream(runtime.Device(0));
        Exception? error = null;
        Thread thread = new(() => error = Record.Exception(() => Assert.Null(StepCheck.Run(runtime, s_case, stream.Handle))));
        thread.Start();
        thread.Join();
        Assert.Null(error);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void LeaveBehind(CudaDevice device)
    {
        using CudaStream stream = NewStream(device);
        using CudaContext.Scope scope = device.Context.Enter();
        _ = new DeviceBuffer(device.Context, 64, stream.Handle);
    }

    private static CudaStream NewStream(CudaDevice device)
    {
        using CudaContext.Scope scope = device.Context.Enter();
        return new CudaStream(device.Context);
    }

    // All functions that a step calls, how often, but for those that only give back. The tensors' own are among them.
    private Dictionary<string, long> Called(string cubin)
    {
        File.Delete(cubin);
        using CudaRuntime runtime = fake.Open();

        // What opening the runtime has called is over before a test can let it fail.
        fake.Reset();
        Assert.Null(StepCheck.Run(runtime, s_case, 0));
        return fake.Called.Except(s_silent).ToDictionary(name => name, fake.Calls);
    }

    // The cache's entry of a kernel that the step uses: without it the step compiles, whatever ran before.
    private string FirstCubin()
    {
        fake.ForgetKernels();
        using (CudaRuntime runtime = fake.Open())
        {
            Assert.Null(StepCheck.Run(runtime, s_case, 0));
        }

        return Directory.GetFiles(fake.CacheFolder)[0];
    }
}
