using System.Runtime.InteropServices;
using BiMaskGen.Kernels;
using BiMaskGen.Kernels.Cuda;
using BiMaskGen.Runtime.Tests.Support;
using BiMaskGen.Tool.GpuCheck;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Cuda;

/// <summary>Tensors by their handles, through libtorch's C shim, which is fake too.</summary>
[Collection(FakeCudaCollection.Name)]
public sealed unsafe class TorchShimTests(FakeCuda fake)
{
    private const int Cpu = 0, Gpu = 1, Half = 5, Float = 6, Double = 7, BFloat16 = 15;

    [NativeTheory]
    [InlineData(Half)]
    [InlineData(Float)]
    [InlineData(BFloat16)]
    public void ATensorOnAGpuIsAMatrix(int type)
    {
        Tensor tensor = New(Gpu, type, [3, 1, 5, 8], [40, 7, 8, 1]);
        CudaType expected = type == Half ? CudaType.F16 : type == Float ? CudaType.F32 : CudaType.BF16;
        Assert.Equal(new CudaTensor(4096, expected, 2, 15, 8), Open().Read("fc", "input", (nint)(&tensor)));
    }

    [NativeFact]
    public void AVectorAndANumberAreMatricesToo()
    {
        Tensor vector = New(Gpu, Float, [6], [1]), number = New(Gpu, Float, [], []);
        Assert.Equal((1, 6), (Open().Read("fc", "bias", (nint)(&vector)).Rows, Open().Read("fc", "bias", (nint)(&vector)).Columns));
        Assert.Equal((1, 1), (Open().Read("fc", "bias", (nint)(&number)).Rows, Open().Read("fc", "bias", (nint)(&number)).Columns));
    }

    [NativeFact]
    public void WhatKernelsDoNotTakeIsNamed()
    {
        Tensor cpu = New(Cpu, Float, [2, 2], [2, 1]), wide = New(Gpu, Double, [2, 2], [2, 1]), transposed = New(Gpu, Float, [2, 3], [1, 2]);
        TorchShim shim = Open();
        Assert.Contains("input is not on a GPU", Assert.Throws<NMSparseTypeException>(() => Read(shim, cpu)).Message, StringComparison.Ordinal);
        Assert.Contains("torch's type 7", Assert.Throws<NMSparseTypeException>(() => Read(shim, wide)).Message, StringComparison.Ordinal);
        NMSparseShapeException gaps = Assert.Throws<NMSparseShapeException>(() => Read(shim, transposed));
        Assert.Contains("[2, 3] has the strides [1, 2]", gaps.Message, StringComparison.Ordinal);
        Assert.Contains(".contiguous()", gaps.Message, StringComparison.Ordinal);
    }

    [NativeFact]
    public void ALayerRunsOnTorchsTensorsAndStream()
    {
        using (CudaRuntime runtime = fake.Open())
        {
            CudaDevice device = runtime.Device(0);
            CudaStream stream;
            using (device.Context.Enter())
            {
                stream = new CudaStream(device.Context);
            }

            fake.SetStream(stream.Handle);
            using (DeviceMatrix weight = DeviceMatrix.Of(device, CudaType.BF16, TestWeights.Gaussian(32 * 48, 1), stream.Handle))
            using (DeviceMatrix input = DeviceMatrix.Of(device, CudaType.BF16, TestWeights.Gaussian(8 * 48, 2), stream.Handle))
            using (DeviceMatrix output = new(device, CudaType.BF16, 8 * 32, stream.Handle))
            using (CudaLinear layer = new(runtime, device, new("fc", new(2, 4), 32, 48, CudaType.BF16, CudaType.BF16)))
            {
                Tensor w = New(Gpu, BFloat16, [32, 48], [48, 1], weight.Pointer), x = New(Gpu, BFloat16, [2, 4, 48], [192, 48, 1], input.Pointer);
                Tensor y = New(Gpu, BFloat16, [2, 4, 32], [128, 32, 1], output.Pointer);
                ICudaTensors torch = Open();
                nint current = torch.CurrentStream(0);
                Assert.Equal(stream.Handle, current);
                CudaOperands operands = layer.Prepare(OperandForm.BiMask(new(2, 4)), torch.Read("fc", "weight", (nint)(&w)).Pointer, 0, CudaType.BF16, current);
                CudaTensor read = torch.Read("fc", "input", (nint)(&x));
                layer.Forward(operands, read.Pointer, torch.Read("fc", "output", (nint)(&y)).Pointer, 0, Activation.Relu, read.Rows, training: false, current);
                layer.Recycle(operands);

                float[] values = weight.Values, inputs = input.Values, outputs = output.Values;
                bool[] mask = MaskReference.Forward(2, 4, values, 32, 48);
                for (int i = 0; i < outputs.Length; i++)
                {
                    double expected = Math.Max(0, Enumerable.Range(0, 48).Sum(k => mask[(i % 32 * 48) + k] ? (double)inputs[(i / 32 * 48) + k] * values[(i % 32 * 48) + k] : 0));
                    Assert.InRange(outputs[i], expected - (4e-3 * (expected + 1)), expected + (4e-3 * (expected + 1)));
                }
            }

            Assert.Equal(0, fake.Work(0));
            stream.Dispose();
        }

        fake.AssertClean();
    }

    [NativeFact]
    public void TheVersionIsTorchs()
    {
        Tensor tensor = New(Gpu, Float, [2, 2], [2, 1]) with { Version = 41 };
        Assert.Equal(41, Version(tensor));
        fake.Fail("aoti_torch_call_dispatcher", 0, 1);
        Assert.Contains("aten::_version", Assert.Throws<NMSparseCudaException>(() => Version(tensor)).Message, StringComparison.Ordinal);
        fake.Reset();
    }

    [NativeFact]
    public void OnlyALibtorchThatIsLoadedIsAsked()
    {
        NMSparseNoCudaException error = Assert.Throws<NMSparseNoCudaException>(TorchShim.Open);
        Assert.Contains("was not found", error.Message, StringComparison.Ordinal);
    }

    private TorchShim Open() =>
        TorchShim.Open(LibrarySearch.Find(LibraryName.Torch, fake.Libraries), LibrarySearch.Find(LibraryName.TorchCuda, fake.Libraries));

    private long Version(Tensor tensor) => Open().Version((nint)(&tensor));

    private static CudaTensor Read(TorchShim shim, Tensor tensor) => shim.Read("Demo.fc", "input", (nint)(&tensor));

    private static Tensor New(int device, int type, ReadOnlySpan<long> sizes, ReadOnlySpan<long> strides, ulong data = 4096)
    {
        Tensor tensor = new() { Data = data, DeviceType = device, DeviceIndex = 2, Type = type, Dimensions = sizes.Length };
        for (int i = 0; i < sizes.Length; i++)
        {
            tensor.Sizes[i] = sizes[i];
            tensor.Strides[i] = strides[i];
        }

        return tensor;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Tensor
    {
        public ulong Data;
        public int DeviceType;
        public int DeviceIndex;
        public int Type;
        public long Dimensions;
        public fixed long Sizes[4];
        public fixed long Strides[4];
        public long Version;
    }
}
