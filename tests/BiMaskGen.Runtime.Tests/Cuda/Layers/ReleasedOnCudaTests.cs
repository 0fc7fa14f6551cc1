using BiMaskGen.Kernels;
using BiMaskGen.Kernels.Cuda;
using BiMaskGen.Runtime.Tests.Support;
using BiMaskGen.Tool.GpuCheck;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Cuda;

/// <summary>Released layers on the fake GPU: in every precision, what is refused, what is left behind, threads and streams.</summary>
[Collection(FakeCudaCollection.Name)]
public sealed class ReleasedOnCudaTests(FakeCuda fake)
{
    private const int OutFeatures = 64, InFeatures = 96;
    private const int Unknown = 999;

    private static readonly NMPattern s_pattern = new(2, 4);

    private static readonly InferenceCase s_product = new(s_pattern, OutFeatures, InFeatures, 24, CudaType.F32, CudaType.BF16, InferencePrecision.AsTrained, Activation.Gelu, true);
    private static readonly InferenceCase s_int8 = s_product with { Precision = InferencePrecision.Int8 };
    private static readonly InferenceCase s_float8 = s_product with { Precision = InferencePrecision.Float8 };

    // All precisions, patterns, types of weight and input, epilogues; batches that fit and such that do not.
    private static readonly InferenceCase[] s_sparse =
    [
        s_product,
        s_product with { Rows = 7, Activation = Activation.Relu, Weight = CudaType.BF16 },
        s_product with { Rows = 1, Activation = Activation.Silu, Compute = CudaType.F16, HasBias = false, Pattern = new(1, 2) },
        s_product with { OutFeatures = 48, InFeatures = 80, Activation = Activation.None, Pattern = new(2, 8) },
        s_int8,
        s_int8 with { Rows = 7, Activation = Activation.Relu, Weight = CudaType.BF16 },
        s_int8 with { Rows = 1, Activation = Activation.Silu, Compute = CudaType.F16, HasBias = false, Pattern = new(1, 2) },
        s_int8 with { Rows = 33, Activation = Activation.None, Compute = CudaType.F32, Pattern = new(1, 16) },
        s_float8,
        s_float8 with { Rows = 7, Activation = Activation.Relu, Weight = CudaType.F16, Compute = CudaType.F16 },
        s_float8 with { Rows = 1, Activation = Activation.Silu, HasBias = false, Pattern = new(1, 4) },
        s_float8 with { Rows = 33, Activation = Activation.None, Compute = CudaType.F32, Pattern = new(2, 16) },
    ];

    private static readonly (InferenceCase Case, string Reason)[] s_dense =
    [
        (s_product with { Pattern = new(4, 8) }, "bfloat16, masked dense: 4:8 is no legal 2:4 operand"),
        (s_product with { OutFeatures = 50, InFeatures = 27, Rows = 9 }, "bfloat16, masked dense: [50, 27] are not multiples of 16"),
        (s_product with { Compute = CudaType.F32, Activation = Activation.Relu, Rows = 5 }, "float32, masked dense: tensor cores take"),
    ];

    public static TheoryData<int> Sparse => [.. Enumerable.Range(0, s_sparse.Length)];

    public static TheoryData<int> Dense => [.. Enumerable.Range(0, s_dense.Length)];

    public static TheoryData<InferencePrecision> Precisions => [.. Enum.GetValues<InferencePrecision>()];

    [NativeTheory]
    [MemberData(nameof(Sparse))]
    public void TheOutputIsThatOfMaskedDenseArithmetic(int index) => CudaLinearTests.In(KernelMode.Sparse, () =>
    {
        using (CudaRuntime runtime = fake.Open())
        {
            Assert.Null(InferenceCheck.Run(runtime, runtime.Device(0), s_sparse[index], 0));
            Assert.Equal(1, fake.Calls("cusparseLtMatmul"));
            Assert.Equal(0, fake.Calls("cublasLtMatmul"));
        }

        fake.AssertClean();
    });

    [NativeTheory]
    [MemberData(nameof(Dense))]
    public void WhatIsNoOperandKeepsTheMaskedOneAndSaysWhy(int index) => CudaLinearTests.In(KernelMode.Auto, () =>
    {
        (InferenceCase c, string reason) = s_dense[index];
        using (CudaRuntime runtime = fake.Open())
        {
            Assert.Null(InferenceCheck.Run(runtime, runtime.Device(0), c, 0));
            Assert.Equal(0, fake.Calls("cusparseLtMatmul"));
            Assert.Equal(1, fake.Calls("cublasLtMatmul"));
            Assert.StartsWith(reason, ReleaseChoice.Of(runtime, runtime.Device(0), c.Spec, c.Precision).Form, StringComparison.Ordinal);
        }

        fake.AssertClean();
    });

    [NativeFact]
    public void AWrongKernelIsFound() => CudaLinearTests.In(KernelMode.Sparse, () =>
    {
        using CudaRuntime runtime = fake.Open();
        Assert.Null(InferenceCheck.Run(runtime, runtime.Device(0), s_int8, 0));

        // After the weights are quantised: the input is not; then the sums are not scaled back.
        for (int after = 1; after <= 2; after++)
        {
            InferenceCase c = s_int8 with { Seed = 10 + after };
            fake.SkipLaunches(1, after);
            Assert.StartsWith("y: ", InferenceCheck.Run(runtime, runtime.Device(0), c, 0), StringComparison.Ordinal);
            Assert.Null(InferenceCheck.Run(runtime, runtime.Device(0), c, 0));
        }
    });

    [NativeFact]
    public void WhatCannotRunInAPrecisionIsRefusedByNameAndNumbers() => CudaLinearTests.In(KernelMode.Auto, () =>
    {
        using (CudaRuntime runtime = fake.Open())
        {
            Refused(runtime, s_int8 with { Pattern = new(4, 8) }, "4:8 is no legal 2:4 operand");
            Refused(runtime, s_int8 with { OutFeatures = 48 }, "[48, 96] are not multiples of 32");
            Refused(runtime, s_float8 with { InFeatures = 80 }, "[64, 80] are not multiples of 32");
        }

        CudaLinearTests.In(KernelMode.Dense, () =>
        {
            using CudaRuntime runtime = fake.Open();
            Refused(runtime, s_int8, "BIMASK_KERNEL=dense");
        });
        fake.AssertClean();
    });

    [NativeTheory]
    [InlineData(80, 801, "Fake H200: the compute capability is 8.0, and float8 needs 8.9")]
    [InlineData(86, 801, "Fake H200: the compute capability is 8.6, and float8 needs 8.9")]
    [InlineData(89, 701, "Fake H200: cuSPARSELt is 0.7.1, and float8 on compute capability 8.9 needs 0.8.0")]
    [InlineData(90, 601, "Fake H200: cuSPARSELt is 0.6.1, and float8 on compute capability 9.0 needs 0.6.2")]
    public void AMachineThatDoesNotKnowFloat8RefusesItAndTakesInt8(int capability, int version, string reason) => CudaLinearTests.In(KernelMode.Auto, () =>
    {
        using (CudaRuntime runtime = fake.Open())
        {
            fake.Machine(capability, version);
            Refused(runtime, s_float8, reason);
            Assert.Equal(CudaType.I8, ReleaseChoice.Of(runtime, runtime.Device(0), s_int8.Spec, s_int8.Precision).Operand);
        }

        fake.AssertClean();
    });

    [NativeTheory]
    [InlineData(89, 800)]
    [InlineData(90, 602)]
    public void TheFirstMachinesThatKnowFloat8TakeIt(int capability, int version) => CudaLinearTests.In(KernelMode.Auto, () =>
    {
        using CudaRuntime runtime = fake.Open();
        fake.Machine(capability, version);
        Assert.Equal(CudaType.E4M3, ReleaseChoice.Of(runtime, runtime.Device(0), s_float8.Spec, s_float8.Precision).Operand);
    });

    // A version that knows the type by its number, and refuses it all the same.
    [NativeFact]
    public void WhatTheLibraryItselfRefusesIsToldBeforeAnythingIsReleased() => CudaLinearTests.In(KernelMode.Auto, () =>
    {
        using (CudaRuntime runtime = fake.Open())
        {
            fake.Fail("cusparseLtMatmulPlanInit", 0, 10);
            Refused(runtime, s_int8, "CUSPARSE_STATUS_NOT_SUPPORTED");
            fake.Fail("cusparseLtMatmulPlanInit", 0, 10);
            ReleaseChoice choice = ReleaseChoice.Of(runtime, runtime.Device(0), s_product.Spec, s_product.Precision);
            Assert.False(choice.IsSparse);
            Assert.Contains("CUSPARSE_STATUS_NOT_SUPPORTED", choice.Form, StringComparison.Ordinal);
        }

        fake.AssertClean();
    });

    [NativeTheory]
    [MemberData(nameof(Precisions))]
    public void EachCallThatFailsIsNamedAndLeavesNothingBehind(InferencePrecision precision) => CudaLinearTests.In(KernelMode.Sparse, () =>
    {
        InferenceCase c = s_product with { Precision = precision, Rows = 7 };
        (string Name, long Calls)[] functions;
        using (CudaRuntime runtime = fake.Open())
        {
            Assert.Null(InferenceCheck.Run(runtime, runtime.Device(0), c, 0));
            functions = [.. fake.Called.Where(IsWork).Select(f => (f, fake.Calls(f)))];
        }

        Assert.Contains("cuLaunchKernel", functions.Select(f => f.Name));
        Assert.Contains("cusparseLtMatmul", functions.Select(f => f.Name));
        foreach ((string function, long calls) in functions)
        {
            for (long after = 0; after < calls; after++)
            {
                Exception? error;
                using (CudaRuntime runtime = fake.Open())
                {
                    fake.Fail(function, after, Unknown);
                    error = Record.Exception(() => { InferenceCheck.Run(runtime, runtime.Device(0), c, 0); });
                }

                // What the library says of a product before anything is released is no failure but an answer; the masked operand runs then.
                string name = function.Replace("_v2", "", StringComparison.Ordinal);
                Assert.True(
                    error is NMSparseCudaException cuda ? cuda.Call.Contains(name, StringComparison.Ordinal) && cuda.Code == Unknown : error is null && name.StartsWith("cusparseLt", StringComparison.Ordinal),
                    $"{function} after {after}: {error}");
                GC.Collect();
                GC.WaitForPendingFinalizers();
                Assert.Equal("", fake.Violations);
                Assert.True(fake.Live().Length == 0, $"{function} after {after}: {fake.Live()}");
            }
        }

        static bool IsWork(string function) =>
            function is "cuMemAllocAsync" or "cuLaunchKernel" or "cuMemcpyHtoDAsync_v2" or "cuMemcpyDtoDAsync_v2" or "cuStreamSynchronize"
            || (function.StartsWith("cusparseLt", StringComparison.Ordinal) && !function.Contains("Destroy", StringComparison.Ordinal) && function != "cusparseLtGetProperty");
    });

    [NativeTheory]
    [MemberData(nameof(Precisions))]
    public void ACallAfterTheFirstOfItsShapeWaitsForNothing(InferencePrecision precision) => CudaLinearTests.In(KernelMode.Sparse, () =>
    {
        using (CudaRuntime runtime = fake.Open())
        {
            using Layer layer = new(runtime, s_product with { Precision = precision }, 0);
            _ = layer.Forward();
            (long waits, long searches) = (fake.Calls("cuStreamSynchronize"), fake.Calls("cusparseLtMatmulSearch"));
            using (DeviceMatrix output = layer.Start(0))
            {
                using DeviceMatrix next = layer.Start(0);
            }

            Assert.Equal(waits, fake.Calls("cuStreamSynchronize"));
            Assert.Equal(searches, fake.Calls("cusparseLtMatmulSearch"));
            Assert.Equal(0, fake.Calls("cuEventSynchronize"));
            Assert.Equal(0, fake.Calls("cuMemHostAlloc"));
        }

        fake.AssertClean();
    });

    [NativeTheory]
    [MemberData(nameof(Precisions))]
    public void ThreadsAndStreamsShareWhatIsKept(InferencePrecision precision) => CudaLinearTests.In(KernelMode.Sparse, () =>
    {
        using (CudaRuntime runtime = fake.Open())
        {
            CudaDevice device = runtime.Device(0);
            using Layer layer = new(runtime, s_product with { Precision = precision }, 0);
            float[] expected = layer.Forward();
            CudaStream[] streams = new CudaStream[4];
            using (device.Context.Enter())
            {
                for (int i = 0; i < streams.Length; i++)
                {
                    streams[i] = new CudaStream(device.Context);
                }
            }

            float[][] results = new float[streams.Length][];
            Thread[] threads = [.. streams.Select((stream, i) => new Thread(() => results[i] = layer.Forward(stream.Handle)))];
            Array.ForEach(threads, t => t.Start());
            Array.ForEach(threads, t => t.Join());
            Assert.All(results, result => Assert.Equal(expected, result));
            Assert.All(streams, stream => Assert.True(fake.Work(stream.Handle) > 0));
            layer.Dispose();
            Array.ForEach(streams, stream => stream.Dispose());
        }

        fake.AssertClean();
    });

    [NativeFact]
    public void ATokenThatIsNoNumberComesOutAsNoneAndAloneDoes() => CudaLinearTests.In(KernelMode.Sparse, () =>
    {
        using CudaRuntime runtime = fake.Open();
        foreach (InferenceCase c in (InferenceCase[])[s_int8, s_float8])
        {
            using Layer layer = new(runtime, c, 0, (x, inFeatures) =>
            {
                x[(2 * inFeatures) + 5] = float.NaN;
                x[(4 * inFeatures) + 1] = float.PositiveInfinity;
            });
            Assert.Equal([.. Enumerable.Range(0, c.Rows * c.OutFeatures).Select(i => i / c.OutFeatures is 2 or 4)], layer.Forward().Select(float.IsNaN));
        }
    });

    [NativeFact]
    public void TheTimesOfAShapeAreThere() => CudaLinearTests.In(KernelMode.Auto, () =>
    {
        using (CudaRuntime runtime = fake.Open())
        {
            CudaDevice device = runtime.Device(0);
            CudaStream stream;
            using (device.Context.Enter())
            {
                stream = new CudaStream(device.Context);
            }

            InferenceTimingResult times = new InferenceTiming(runtime, device).Run((16, 64, 320), stream);
            Assert.All((double?[])[times.Dense, times.Released, times.Int8, times.Float8, times.Quantize, times.Rescale], t => Assert.True(t > 0));
            Assert.Equal(64 * 320 * 2, times.DenseBytes);

            // The fake's places of kept weights take a byte each, and each row has a scale.
            Assert.Equal((64 * 320 / 2 * 3, (64 * 320 / 2 * 2) + (320 * 4)), (times.ReleasedBytes, times.Int8Bytes));
            stream.Dispose();
        }

        fake.AssertClean();
    });

    [NativeFact]
    public void WithoutFloat8ThereIsNoTimeOfIt() => CudaLinearTests.In(KernelMode.Auto, () =>
    {
        using CudaRuntime runtime = fake.Open();
        fake.Machine(86, 801);
        CudaDevice device = runtime.Device(0);
        using CudaContext.Scope scope = device.Context.Enter();
        using CudaStream stream = new(device.Context);
        InferenceTimingResult times = new InferenceTiming(runtime, device).Run((16, 64, 32), stream);
        Assert.Equal((null, 0), (times.Float8, times.Float8Bytes));
        Assert.True(times.Int8 > 0);
    });

    private static void Refused(CudaRuntime runtime, InferenceCase c, string reason)
    {
        NMSparsePrecisionException error = Assert.Throws<NMSparsePrecisionException>(() => ReleaseChoice.Of(runtime, runtime.Device(0), c.Spec, c.Precision));
        Assert.Equal(("Demo.fc", c.Precision), (error.Layer, error.Precision));
        Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
        Assert.Contains("Demo.fc", error.Message, StringComparison.Ordinal);
        Assert.Contains("ReleaseDense()", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A released layer with random weights, bias and input.</summary>
    private sealed class Layer : IDisposable
    {
        private readonly CudaDevice _device;
        private readonly InferenceCase _case;
        private readonly ReleasedOnCuda _released;
        private readonly DeviceMatrix _input, _bias;

        public Layer(CudaRuntime runtime, InferenceCase c, nint stream, Action<float[], int>? change = null)
        {
            (_device, _case) = (runtime.Device(0), c);
            float[] weight = TestWeights.Gaussian(c.OutFeatures * c.InFeatures, 1), input = TestWeights.Gaussian(c.Rows * c.InFeatures, 2);
            for (int i = 0; i < weight.Length; i++)
            {
                weight[i] = i % 4 < 2 ? weight[i] : 0;
            }

            change?.Invoke(input, c.InFeatures);
            _released = ReleasedOnCuda.Of(runtime, _device, c.Spec, ReleaseChoice.Of(runtime, _device, c.Spec, c.Precision), weight, stream);
            _input = DeviceMatrix.Of(_device, CudaType.BF16, input, stream);
            _bias = DeviceMatrix.Of(_device, CudaType.F32, TestWeights.Gaussian(c.OutFeatures, 3), stream);
        }

        public float[] Forward(nint stream = 0)
        {
            using DeviceMatrix output = Start(stream);
            return output.Values;
        }

        /// <summary>Does not wait for the result.</summary>
        public DeviceMatrix Start(nint stream)
        {
            DeviceMatrix output = new(_device, CudaType.BF16, _case.Rows * _case.OutFeatures, stream);
            CudaTensor x = new(_input.Pointer, CudaType.BF16, 0, _case.Rows, _case.InFeatures), b = new(_bias.Pointer, CudaType.F32, 0, 1, _case.OutFeatures);
            _released.Forward(new ReleasedCall(x, output.Pointer, b, default, _case.Activation, stream));
            return output;
        }

        public void Dispose()
        {
            _released.Dispose();
            _input.Dispose();
            _bias.Dispose();
        }
    }
}
