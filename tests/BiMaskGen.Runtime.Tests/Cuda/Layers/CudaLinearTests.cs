using BiMaskGen.Kernels;
using BiMaskGen.Kernels.Cuda;
using BiMaskGen.Masks;
using BiMaskGen.Runtime.Tests.Support;
using BiMaskGen.Tool.GpuCheck;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Cuda;

/// <summary>A layer's step on the fake GPU, whose libraries compute on this machine: plans, operands, epilogues, choice.</summary>
[Collection(FakeCudaCollection.Name)]
public sealed class CudaLinearTests(FakeCuda fake)
{
    private static readonly NMPattern s_pattern = new(2, 4);

    // Patterns in turn on the hardware and not; shapes that fit it and such that do not; all types; all epilogues.
    private static readonly StepCase[] s_cases =
    [
        new(s_pattern, 48, 32, 24, CudaType.F32, CudaType.BF16, Activation.Relu, true),
        new(s_pattern, 32, 80, 8, CudaType.BF16, CudaType.BF16, Activation.Gelu, true),
        new(s_pattern, 32, 32, 16, CudaType.F16, CudaType.F16, Activation.None, false),
        new(new(1, 2), 32, 48, 8, CudaType.F32, CudaType.F16, Activation.Relu, false),
        new(new(2, 8), 48, 32, 8, CudaType.F32, CudaType.BF16, Activation.Silu, true),
        new(new(1, 16), 64, 32, 8, CudaType.BF16, CudaType.BF16, Activation.Gelu, false),
        new(new(4, 8), 48, 32, 8, CudaType.F32, CudaType.BF16, Activation.Relu, true),
        new(s_pattern, 50, 27, 9, CudaType.F32, CudaType.BF16, Activation.Relu, true),
        new(s_pattern, 48, 32, 7, CudaType.F32, CudaType.F16, Activation.Gelu, true),
        new(s_pattern, 48, 32, 24, CudaType.F32, CudaType.F32, Activation.Gelu, true),
    ];

    public static TheoryData<int, KernelMode> Cases
    {
        get
        {
            TheoryData<int, KernelMode> cases = [];
            for (int i = 0; i < s_cases.Length; i++)
            {
                cases.Add(i, KernelMode.Sparse);
                cases.Add(i, KernelMode.Dense);
            }

            cases.Add(0, KernelMode.Auto);
            return cases;
        }
    }

    [NativeTheory]
    [MemberData(nameof(Cases))]
    public void AllProductsAreThoseOfMaskedDenseArithmetic(int index, KernelMode mode) => In(mode, () =>
    {
        StepCase c = s_cases[index];
        using (CudaRuntime runtime = fake.Open())
        {
            Assert.Null(StepCheck.Run(runtime, c, 0));
            bool y = TensorCores.Refusal(c.Pattern, c.Spec.Forward(c.Rows), c.Compute) is null;
            bool dx = TensorCores.Refusal(c.Pattern, c.Spec.Backward(c.Rows), c.Compute) is null;
            if (mode != KernelMode.Auto)
            {
                Assert.Equal(mode == KernelMode.Dense ? 0 : (y ? 1 : 0) + (dx ? 1 : 0), fake.Calls("cusparseLtMatmul"));
            }
        }

        fake.AssertClean();
    });

    [NativeFact]
    public void WhatTheHardwareDoesNotTakeRunsDenseAndSaysWhy() => In(KernelMode.Sparse, () =>
    {
        using CudaRuntime runtime = fake.Open();
        using CudaLinear layer = new(runtime, runtime.Device(0), new("fc", new(4, 8), 32, 32, CudaType.F32, CudaType.BF16));
        using CudaLinear ragged = new(runtime, runtime.Device(0), new("fc", s_pattern, 40, 32, CudaType.F32, CudaType.BF16));
        Assert.Contains("4:8 is no legal 2:4 operand", layer.ChoiceOf(8, training: true, isBackward: false)!.Value.Reason, StringComparison.Ordinal);
        Assert.Contains("[40, 32] are not multiples of 16", ragged.ChoiceOf(8, training: true, isBackward: false)!.Value.Reason, StringComparison.Ordinal);
        Assert.Contains("batch of 9", Fitting(runtime).ChoiceOf(9, training: true, isBackward: true)!.Value.Reason, StringComparison.Ordinal);
        Assert.True(Fitting(runtime).ChoiceOf(8, training: true, isBackward: true)!.Value.IsSparse);
    });

    [NativeFact]
    public void AProductIsMeasuredOnceForAllLayersOfItsShape() => In(KernelMode.Auto, () =>
    {
        using (CudaRuntime runtime = fake.Open())
        {
            Assert.Null(Fitting(runtime).ChoiceOf(24, training: true, isBackward: false));
            Assert.Null(StepCheck.Run(runtime, s_cases[0], 0));
            ProductChoice choice = Fitting(runtime).ChoiceOf(24, training: true, isBackward: false)!.Value;
            Assert.True(choice.SparseMilliseconds > 0 && choice.DenseMilliseconds > 0);
            Assert.Equal(choice.SparseMilliseconds <= choice.DenseMilliseconds, choice.IsSparse);
            Assert.Equal(2, fake.Calls("cusparseLtMatmulSearch"));

            long events = fake.Calls("cuEventElapsedTime");
            Assert.Null(StepCheck.Run(runtime, s_cases[0] with { Seed = 5 }, 0));
            Assert.Equal(events, fake.Calls("cuEventElapsedTime"));
            Assert.Equal(2, fake.Calls("cusparseLtMatmulSearch"));
        }

        fake.AssertClean();
    });

    [NativeFact]
    public void AStepAfterTheFirstAllocatesNoMemoryThatWaits() => In(KernelMode.Sparse, () =>
    {
        using CudaRuntime runtime = fake.Open();
        CudaDevice device = runtime.Device(0);
        StepCase c = s_cases[0];
        using CudaLinear layer = new(runtime, device, c.Spec);
        using DeviceMatrix weight = DeviceMatrix.Of(device, c.Weight, TestWeights.Gaussian(c.OutFeatures * c.InFeatures, 1), 0);
        for (int step = 0; step < 5; step++)
        {
            layer.Recycle(layer.Prepare(c.Form, weight.Pointer, 0, CudaType.F32, 0));
        }

        Assert.Equal(1, fake.Calls("cuMemHostAlloc"));
        Assert.Equal(0, fake.Calls("cuEventSynchronize"));
    });

    [NativeFact]
    public void TheForwardMaskComesBackForTheSearch()
    {
        using (CudaRuntime runtime = fake.Open())
        {
            const int Rows = 37, Columns = 130;
            CudaDevice device = runtime.Device(0);
            float[] values = TestWeights.Gaussian(Rows * Columns, 1);
            using CudaLinear layer = new(runtime, device, new("fc", new(2, 8), Rows, Columns, CudaType.F32, CudaType.BF16));
            using DeviceMatrix weight = DeviceMatrix.Of(device, CudaType.F32, values, 0);
            NMMask mask = layer.ForwardMask(weight.Pointer, 0).Take();
            Assert.Equal(-1, MaskReference.FirstDifference(MaskReference.Forward(2, 8, values, Rows, Columns), mask));
        }

        fake.AssertClean();
    }

    [NativeTheory]
    [InlineData(float.NaN, CudaType16.BF16, "NaN or infinity")]
    [InlineData(1e6f, CudaType16.F16, "infinite in F16")]
    public void AWeightThatCannotBeUsedIsToldAtTheNextForward(float value, CudaType16 compute, string message)
    {
        using (CudaRuntime runtime = fake.Open())
        {
            CudaDevice device = runtime.Device(0);
            float[] values = TestWeights.Gaussian(32 * 32, 1);
            values[77] = value;
            using CudaLinear layer = new(runtime, device, new("Demo.fc", s_pattern, 32, 32, CudaType.F32, (CudaType)compute));
            using DeviceMatrix weight = DeviceMatrix.Of(device, CudaType.F32, values, 0);
            CudaOperands operands = layer.Prepare(OperandForm.BiMask(s_pattern), weight.Pointer, 0, CudaType.F32, 0);
            NMSparseValueException error = Assert.Throws<NMSparseValueException>(() => layer.ThrowIfBad(operands));
            Assert.Equal("Demo.fc", error.Layer);
            Assert.Contains(message, error.Message, StringComparison.Ordinal);
            operands.Dispose();
        }

        fake.AssertClean();
    }

    /// <summary>The 16-bit types, which a public test method can name.</summary>
    public enum CudaType16
    {
        BF16 = CudaType.BF16,
        F16 = CudaType.F16,
    }

    internal static void In(KernelMode mode, Action test)
    {
        KernelMode before = KernelPolicy.Mode;
        KernelPolicy.Mode = mode;
        try
        {
            test();
        }
        finally
        {
            KernelPolicy.Mode = before;
        }
    }

    private static CudaLinear Fitting(CudaRuntime runtime) => new(runtime, runtime.Device(0), s_cases[0].Spec);
}
