using BiMaskGen.Kernels;
using BiMaskGen.Kernels.Cuda;
using BiMaskGen.Masks;

namespace BiMaskGen.Training;

/// <content>Inference without the dense weight on a GPU. What forward multiplies is made on the CPU, once, and so by every method alike.</content>
public abstract partial class SparseLinear
{
    // The largest finite float16 is 65504; from half a step above it numbers round to infinity.
    private const float InfiniteInFloat16 = 65520;

    private volatile ReleasedOnCuda? _releasedOnCuda;
    private (long Kept, long DenseBytes) _releasedFrom;

    /// <summary>Whether the dense weight was given up on a GPU: then <see cref="ForwardReleased(nint, nint, nint, Activation)"/> computes.</summary>
    public bool IsReleasedOnCuda => _releasedOnCuda is not null;

    /// <summary>Throws if kept weights cannot be multiplied in a precision on the CPU, where float32 is all that there is.</summary>
    /// <param name="precision">What the user wants.</param>
    /// <exception cref="NMSparsePrecisionException">It is not <see cref="InferencePrecision.AsTrained"/>.</exception>
    public void CheckPrecisionOnCpu(InferencePrecision precision)
    {
        if (precision != InferencePrecision.AsTrained)
        {
            throw new NMSparsePrecisionException(Name, precision, "the weight is on the CPU, whose kernels compute in float32; move the model to a GPU with .to(DeviceType.CUDA)");
        }
    }

    /// <summary>Throws what <see cref="Release(MatrixView, nint, InferencePrecision)"/> would throw on this weight, short of memory; changes nothing.</summary>
    /// <param name="weight">W in float32 on the CPU, [out_features, in_features].</param>
    /// <param name="handle">TorchSharp's handle of W on the GPU.</param>
    /// <param name="precision">What to multiply in.</param>
    /// <exception cref="NMSparsePrecisionException">The layer cannot run in that precision.</exception>
    /// <exception cref="NMSparseShapeException">W has another shape than this layer.</exception>
    /// <exception cref="NMSparseTypeException">The layer is a convolution, which is released on the CPU only.</exception>
    /// <exception cref="NMSparseValueException">W holds a NaN, an infinity, or a number that is infinite in the products' type.</exception>
    /// <exception cref="NMSparseException">The schedule has not come to N:M, or has left it.</exception>
    public void CheckRelease(MatrixView weight, nint handle, InferencePrecision precision)
    {
        CheckView(weight, OutFeatures, InFeatures, "weight");
        (CudaHost host, CudaTensor w) = OnGpu(handle);
        int bad = WeightCheck.FirstNonFinite(weight.Span);
        if (bad >= 0)
        {
            throw NotFinite(weight, bad);
        }

        lock (_gate)
        {
            // The clock goes by versions on a GPU.
            bool isKnown = _cuda is { Key: not null } side && side.Key == new WeightKey(w.Pointer, host.Tensors.Version(handle));
            RefuseUnfinished(_schedule.At(_clock.StepOf(isKnown ? _cuda!.Fingerprint : WeightFingerprint.Of(weight.Span))));
        }

        ReleaseChoice choice = ReleaseChoice.Of(host.Runtime, host.Runtime.Device(w.Device), SpecOf(w), precision);
        if (choice.Operand == CudaType.F16)
        {
            RefuseOverflow(weight);
        }
    }

    /// <summary>
    /// Keeps the kept weights on the GPU, compressed for sparse tensor cores where those take them, and forgets everything else: from now on only
    /// <see cref="ForwardReleased(nint, nint, nint, Activation)"/> computes, without looking at W. Does nothing the second time.
    /// </summary>
    /// <param name="weight">W in float32 on the CPU, [out_features, in_features].</param>
    /// <param name="handle">TorchSharp's handle of W on the GPU; it may be freed afterwards.</param>
    /// <param name="precision">What to multiply in.</param>
    /// <exception cref="NMSparsePrecisionException">The layer cannot run in that precision.</exception>
    /// <exception cref="NMSparseCudaException">A call of CUDA failed, as for too little memory; then W is still in use.</exception>
    /// <exception cref="NMSparseTypeException">The layer is a convolution, which is released on the CPU only.</exception>
    /// <exception cref="NMSparseValueException">W holds a NaN or an infinity.</exception>
    /// <exception cref="NMSparseException">The schedule has not come to N:M, or has left it.</exception>
    public void Release(MatrixView weight, nint handle, InferencePrecision precision)
    {
        CheckView(weight, OutFeatures, InFeatures, "weight");
        lock (_gate)
        {
            if (IsReleased)
            {
                return;
            }

            (CudaHost host, CudaTensor w) = OnGpu(handle);
            CudaDevice device = host.Runtime.Device(w.Device);
            ReleaseChoice choice = ReleaseChoice.Of(host.Runtime, device, SpecOf(w), precision);

            // The clock goes by versions on a GPU, and by bits from here on.
            _clock.OnRewritten(_clock.Seen, SeenBits());
            LinearWeights weights = Refresh(weight, training: false, wantsBackward: false);
            RefuseUnfinished(weights.Form);
            weights.EnsureForward(weight, KernelKind.MaskedDense, rows: 1);
            ReleasedOnCuda released = ReleasedOnCuda.Of(host.Runtime, device, SpecOf(w), choice, weights.DenseForward, host.Tensors.CurrentStream(w.Device));
            _releasedFrom = (weights.Forward.CountKept(), (long)w.Type.Bytes() * OutFeatures * InFeatures);
            _releasedOnCuda = released;
            ForgetDense();
        }
    }

    /// <summary>The type of input and output of a layer that was released on a GPU, for input of a type; both as torch numbers them.</summary>
    /// <param name="inputType">float32, bfloat16 or float16.</param>
    public int ReleasedType(int inputType) => TorchTypes.Of(OfGpu().InputType(TorchTypes.ToCuda(inputType) ?? CudaType.F32));

    /// <summary>y = act(x (W⊙Mf)ᵀ + b) on a GPU, on the weight as it was when it was released; any batch, any number of threads.</summary>
    /// <param name="input">x [rows, in_features], of <see cref="ReleasedType"/>.</param>
    /// <param name="bias">The bias [out_features], of any type that kernels take; or 0.</param>
    /// <param name="output">y [rows, out_features], of <see cref="ReleasedType"/>, written.</param>
    /// <param name="activation">The activation to fuse.</param>
    /// <exception cref="NMSparseShapeException">A tensor of another shape.</exception>
    /// <exception cref="NMSparseTypeException">A tensor of another type or on another device.</exception>
    /// <exception cref="NMSparseCudaException">A call of CUDA failed.</exception>
    public void ForwardReleased(nint input, nint bias, nint output, Activation activation)
    {
        ReleasedOnCuda released = OfGpu();
        ICudaTensors tensors = CudaHost.Current(Name).Tensors;
        CudaTensor x = Read(input, "input"), y = Read(output, "output");
        CheckTensor(x, x.Rows, InFeatures, "input");
        CheckTensor(y, x.Rows, OutFeatures, "output");
        CudaTensor? b = null;
        WeightKey biasKey = default;
        if (bias != 0)
        {
            b = Read(bias, "bias");
            CheckTensor(b.Value, 1, OutFeatures, "bias");
            biasKey = new WeightKey(b.Value.Pointer, tensors.Version(bias));
        }

        if (x.Type != released.InputType(x.Type) || y.Type != x.Type)
        {
            throw new NMSparseTypeException(Name, $"input is {x.Type}, output {y.Type}, expected {released.InputType(x.Type)}.");
        }

        released.Forward(new ReleasedCall(x, y.Pointer, b, biasKey, activation, tensors.CurrentStream(released.Ordinal)));
        if (x.Rows > 0)
        {
            Interlocked.Increment(ref released.Choice.IsSparse ? ref _forwardSparse : ref _forwardDense);
        }

        CudaTensor Read(nint handle, string what)
        {
            CudaTensor tensor = tensors.Read(Name, what, handle);
            return tensor.Device == released.Ordinal
                ? tensor
                : throw new NMSparseTypeException(Name, $"{what} is on GPU {tensor.Device}, the layer was released on GPU {released.Ordinal}.");
        }
    }

    private ReleasedOnCuda OfGpu() => _releasedOnCuda ?? throw new InvalidOperationException($"{Name} has not been released on a GPU.");

    private (CudaHost Host, CudaTensor Weight) OnGpu(nint handle)
    {
        if (Columns is not null)
        {
            throw new NMSparseTypeException(Name, "a convolution is released on the CPU only: move the model there with .to(DeviceType.CPU), or name the other layers, ReleaseDense(\"fc1\").");
        }

        CudaHost host = CudaHost.Current(Name);
        CudaTensor weight = host.Tensors.Read(Name, "weight", handle);
        CheckTensor(weight, OutFeatures, InFeatures, "weight");
        return (host, weight);
    }

    // A pruned weight is no larger than one that is kept, so that looking at all of them says the same.
    private void RefuseOverflow(MatrixView weight)
    {
        ReadOnlySpan<float> values = weight.Span;
        for (int i = 0; i < values.Length; i++)
        {
            if (MathF.Abs(values[i]) >= InfiniteInFloat16)
            {
                throw new NMSparseValueException(
                    Name, $"weight[{i / InFeatures}, {i % InFeatures}] of [{OutFeatures}, {InFeatures}] is {values[i]}, which is infinite in float16: use Precision.BFloat16, or smaller weights.");
            }
        }
    }
}
