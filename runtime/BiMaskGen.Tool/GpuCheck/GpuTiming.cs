using BiMaskGen.Kernels;
using BiMaskGen.Kernels.Cuda;

namespace BiMaskGen.Tool.GpuCheck;

/// <summary>A shape's times, in milliseconds, bf16 products, fp32 weight, 2:4.</summary>
/// <param name="Tokens">Rows of the batch.</param>
/// <param name="InFeatures">in_features.</param>
/// <param name="OutFeatures">out_features.</param>
/// <param name="DenseForward">y by cuBLASLt.</param>
/// <param name="SparseForward">y by cuSPARSELt.</param>
/// <param name="DenseBackward">dX by cuBLASLt, of a weight that was never pruned.</param>
/// <param name="SparseBackward">dX by cuSPARSELt.</param>
/// <param name="WeightGradient">dW by cuBLASLt, with the decay.</param>
/// <param name="MaskPass">Masks and operands.</param>
/// <param name="MaskPassOfCopy">The bytes that it moves per second, as a share of what a copy does.</param>
/// <param name="Compress">Both operands.</param>
/// <param name="Gather">The gradient in the permutation's order.</param>
/// <param name="DenseStep">Cast of W, y, dX, dW.</param>
/// <param name="SparseStep">Mask pass, compression, y, gather, dX, dW.</param>
/// <param name="ChosenForward">What the dispatcher took for y.</param>
/// <param name="ChosenBackward">What the dispatcher took for dX.</param>
/// <param name="ChosenStep">The step as the dispatcher runs it.</param>
internal sealed record TimingResult(
    int Tokens, int InFeatures, int OutFeatures, double DenseForward, double SparseForward, double DenseBackward, double SparseBackward,
    double WeightGradient, double MaskPass, double MaskPassOfCopy, double Compress, double Gather, double DenseStep, double SparseStep,
    string ChosenForward, string ChosenBackward, double ChosenStep);

/// <summary>Times a layer's products, passes and steps against dense ones in the same run.</summary>
/// <param name="runtime">CUDA.</param>
/// <param name="device">The GPU.</param>
internal sealed class GpuTiming(CudaRuntime runtime, CudaDevice device)
{
    private const int WarmUps = 5;
    private const int Samples = 21;
    private const float Decay = 2e-4f;
    private const long CopiedBytes = 1L << 30;

    private static readonly (int InFeatures, int OutFeatures)[] s_layers = [(1024, 4096), (4096, 4096), (4096, 11008), (8192, 8192)];
    private static readonly int[] s_tokens = [4096, 16384];

    /// <summary>The shapes of the table.</summary>
    public static IReadOnlyList<(int Tokens, int InFeatures, int OutFeatures)> Shapes { get; } =
        [.. from tokens in s_tokens from layer in s_layers select (tokens, layer.InFeatures, layer.OutFeatures)];

    /// <summary>Bytes per second that a copy within the GPU reads and writes.</summary>
    public double CopyBandwidth(CudaStream stream)
    {
        using CudaContext.Scope scope = device.Context.Enter();
        using DeviceBuffer from = new(device.Context, CopiedBytes, stream.Handle), to = new(device.Context, CopiedBytes, stream.Handle);
        double milliseconds = Time(stream, () => device.Context.Driver.Copy(to.Pointer, from.Pointer, CopiedBytes, stream.Handle));
        return 2 * CopiedBytes / (milliseconds / 1e3);
    }

    /// <summary>Times one shape.</summary>
    public TimingResult Run((int Tokens, int InFeatures, int OutFeatures) shape, double copyBandwidth, CudaStream stream)
    {
        using TimedLayer layer = new(runtime, device, shape, stream.Handle);
        using CudaContext.Scope scope = device.Context.Enter();
        (string forward, string backward, double chosenStep) = Mode(KernelMode.Auto, () =>
        {
            layer.Step();
            return (Kernel(layer.Choice(isBackward: false)), Kernel(layer.Choice(isBackward: true)), Time(stream, layer.Step));
        });
        (double sparseForward, double sparseBackward, double sparseStep) = Mode(
            KernelMode.Sparse, () => (Time(stream, layer.Forward), Time(stream, layer.BackwardInput), Time(stream, layer.Step)));
        double maskPass = Time(stream, layer.MaskPass);
        return new TimingResult(
            shape.Tokens, shape.InFeatures, shape.OutFeatures,
            Time(stream, layer.DenseForward), sparseForward, Time(stream, layer.DenseBackward), sparseBackward, Time(stream, layer.BackwardWeight),
            maskPass, layer.MaskPassBytes / (maskPass / 1e3) / copyBandwidth, Time(stream, layer.Compress), Time(stream, layer.Gather),
            Time(stream, layer.DenseStep), sparseStep, forward, backward, chosenStep);
    }

    private double Time(CudaStream stream, Action work) => EventTimer.Median(device.Context, stream.Handle, work, WarmUps, Samples);

    private static string Kernel(ProductChoice? choice) => choice is { IsSparse: true } ? "sparse" : "dense";

    private static T Mode<T>(KernelMode mode, Func<T> work)
    {
        KernelMode before = KernelPolicy.Mode;
        KernelPolicy.Mode = mode;
        try
        {
            return work();
        }
        finally
        {
            KernelPolicy.Mode = before;
        }
    }

    /// <summary>A layer with all that its products read and write.</summary>
    private sealed class TimedLayer : IDisposable
    {
        private static readonly OperandForm s_form = OperandForm.BiMask(new(2, 4));

        private readonly CudaRuntime _runtime;
        private readonly CudaDevice _device;
        private readonly nint _stream;
        private readonly int _tokens;
        private readonly CudaLinear _layer;
        private readonly List<DeviceMatrix> _matrices = [];
        private readonly DeviceMatrix _weight, _cast, _input, _gradient, _permuted, _output, _inputGradient, _weightGradient;
        private readonly CudaOperands _operands;
        private readonly PlanKey _forward, _backward;

        public TimedLayer(CudaRuntime runtime, CudaDevice device, (int Tokens, int InFeatures, int OutFeatures) shape, nint stream)
        {
            (_runtime, _device, _stream, _tokens) = (runtime, device, stream, shape.Tokens);
            _layer = new CudaLinear(runtime, device, new("timed", new(2, 4), shape.OutFeatures, shape.InFeatures, CudaType.F32, CudaType.BF16));
            long weights = (long)shape.OutFeatures * shape.InFeatures, inputs = (long)shape.Tokens * shape.InFeatures, outputs = (long)shape.Tokens * shape.OutFeatures;
            _weight = Add(DeviceMatrix.Random(device, CudaType.F32, weights, 1, stream));
            _cast = Add(DeviceMatrix.Random(device, CudaType.BF16, weights, 1, stream));
            _input = Add(DeviceMatrix.Random(device, CudaType.BF16, inputs, 2, stream));
            _gradient = Add(DeviceMatrix.Random(device, CudaType.BF16, outputs, 3, stream));
            _permuted = Add(new DeviceMatrix(device, CudaType.BF16, outputs, stream));
            _output = Add(new DeviceMatrix(device, CudaType.BF16, outputs, stream));
            _inputGradient = Add(new DeviceMatrix(device, CudaType.BF16, inputs, stream));
            _weightGradient = Add(new DeviceMatrix(device, CudaType.F32, weights, stream));
            _layer.SetPermutation(RandomNumbers.Permutation(shape.OutFeatures, 4), stream);
            _operands = _layer.Prepare(s_form, _weight.Pointer, 0, CudaType.F32, stream);
            _forward = new(_layer.Spec.Forward(shape.Tokens), CudaType.BF16, false, false);
            _backward = new(_layer.Spec.Backward(shape.Tokens), CudaType.BF16, false, false);
        }

        /// <summary>W in fp32 once, both operands in bf16 once.</summary>
        public double MaskPassBytes => _layer.Spec.Entries * 8.0;

        public ProductChoice? Choice(bool isBackward) => _layer.ChoiceOf(_tokens, training: true, isBackward);

        public void MaskPass() => _layer.Recycle(_layer.Prepare(s_form, _weight.Pointer, 0, CudaType.F32, _stream));

        public void Forward() => Forward(_operands);

        public void BackwardInput() => BackwardInput(_operands);

        public void Gather() =>
            _layer.Gradient(_gradient.Pointer, CudaType.BF16, 0, 0, _permuted.Pointer, Activation.None, _tokens, _stream);

        public void BackwardWeight() =>
            _layer.BackwardWeight(_operands, _gradient.Pointer, _input.Pointer, _weightGradient.Pointer, _weight.Pointer, PrunedEntries.Decaying(Decay), null, _tokens, _stream);

        public void Compress()
        {
            ThreadHandles handles = ThreadHandles.Of(_runtime, _device);
            _operands.Renew(s_form);
            _ = _operands.Compressed(isBackward: false, handles.Sparse(_forward, 0));
            _ = _operands.Compressed(isBackward: true, handles.Sparse(_backward, 0));
        }

        public void Step()
        {
            CudaOperands operands = _layer.Prepare(s_form, _weight.Pointer, 0, CudaType.F32, _stream);
            Forward(operands);
            Gather();
            BackwardInput(operands);
            BackwardWeight();
            _layer.Recycle(operands);
        }

        public void DenseForward() => Dense(new(_forward, DenseForm.Activations, CudaType.BF16), _cast, _input, _output);

        public void DenseBackward() => Dense(new(_backward, DenseForm.Untransposed, CudaType.BF16), _cast, _gradient, _inputGradient);

        public void DenseStep()
        {
            new LayerKernels(new StreamLauncher(_device, _stream)).Convert(_weight.Pointer, CudaType.F32, _cast.Pointer, CudaType.BF16, _layer.Spec.Shape);
            DenseForward();
            DenseBackward();
            Dense(new(_forward, DenseForm.Weight, CudaType.F32), _gradient, _input, _weightGradient);
        }

        public void Dispose()
        {
            _operands.Dispose();
            _matrices.ForEach(m => m.Dispose());
            _layer.Dispose();
        }

        private void Forward(CudaOperands operands) =>
            _layer.Forward(operands, _input.Pointer, _output.Pointer, 0, Activation.None, _tokens, training: true, _stream);

        private void BackwardInput(CudaOperands operands) =>
            _layer.BackwardInput(operands, _permuted.Pointer, _inputGradient.Pointer, _tokens, _stream);

        private void Dense(in DenseKey key, DeviceMatrix weight, DeviceMatrix dense, DeviceMatrix result)
        {
            ThreadHandles handles = ThreadHandles.Of(_runtime, _device);
            DensePlan plan = handles.Dense(key, 0);
            plan.Run(weight.Pointer, dense.Pointer, result.Pointer, 0, handles.Workspace(plan.WorkspaceBytes, _stream), _stream);
        }

        private DeviceMatrix Add(DeviceMatrix matrix)
        {
            _matrices.Add(matrix);
            return matrix;
        }
    }
}
