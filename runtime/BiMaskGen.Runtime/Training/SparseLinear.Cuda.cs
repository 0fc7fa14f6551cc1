using BiMaskGen.Kernels;
using BiMaskGen.Kernels.Cuda;

namespace BiMaskGen.Training;

/// <content>The layer on a GPU. Tensors come as TorchSharp's handles, contiguous; work is started on torch's current stream and nothing waits for it.</content>
public abstract partial class SparseLinear
{
    private LayerOnCuda? _cuda;
    private bool _refusedOnCuda;

    /// <summary>Whether weights on a GPU run on the runtime's kernels; else torch's own operators multiply with masks made on the CPU, and the report says why.</summary>
    public bool TakesCuda()
    {
        _refusedOnCuda = CudaRefusal is not null;
        return !_refusedOnCuda;
    }

    private string? CudaRefusal => Columns is null ? null : "the CUDA kernels know no convolution";

    /// <summary>The type of the products' operands, input and output, for weights of a type; both as torch numbers them.</summary>
    /// <param name="weightType">The weights' type.</param>
    public int CudaOperandType(int weightType) => TorchTypes.ToCuda(weightType) is { } weight ? TorchTypes.Of(ComputeType(weight)) : weightType;

    /// <summary>Opens a forward on a GPU: makes both operands if weight or bias changed, advances the clock in training, searches when it is due.</summary>
    /// <param name="weight">W [out_features, in_features].</param>
    /// <param name="bias">The bias [out_features], or 0.</param>
    /// <param name="rows">Batch rows.</param>
    /// <param name="training">Whether grad mode is on.</param>
    /// <param name="activation">The activation to fuse.</param>
    /// <returns>The call; <see cref="End(CudaCall)"/> gives back what it holds.</returns>
    /// <exception cref="NMSparseNoCudaException">CUDA, or libtorch's part of it, was not found.</exception>
    /// <exception cref="NMSparseCudaException">A call of CUDA failed.</exception>
    /// <exception cref="NMSparseTypeException">A tensor is of a type that the kernels do not take.</exception>
    /// <exception cref="NMSparseValueException">The weights of an earlier forward held NaN or infinity.</exception>
    /// <exception cref="NMSparseReleasedException">The dense weight was released.</exception>
    /// <exception cref="NMSparseException">The schedule depends on the length of the run, which nobody said; or a decoupled decay was forgotten.</exception>
    public CudaCall BeginCuda(nint weight, nint bias, int rows, bool training, Activation activation)
    {
        CudaHost host = CudaHost.Current(Name);
        CudaTensor w = host.Tensors.Read(Name, "weight", weight);
        CheckTensor(w, OutFeatures, InFeatures, "weight");
        WeightKey key = new(w.Pointer, host.Tensors.Version(weight));
        (CudaTensor? b, WeightKey? biasKey) = (null, null);
        if (bias != 0)
        {
            CudaTensor tensor = host.Tensors.Read(Name, "bias", bias);
            (b, biasKey) = (tensor, new WeightKey(tensor.Pointer, host.Tensors.Version(bias)));
        }

        nint stream = host.Tensors.CurrentStream(w.Device);
        lock (_gate)
        {
            RefuseReleased("a forward on the dense weight");
            LayerOnCuda side = SideOf(host, w);
            ulong fingerprint = side.Identify(key, side.Key is null && _clock.Started ? BitsOfWeight : null);
            side.CheckLast();
            OperandForm form = RefreshOnCuda(side, w, fingerprint, training, stream);
            return new CudaCall(side, side.Lease(form, w, b, biasKey, (rows, training), stream), w.Device, rows, training, activation)
            {
                Form = _cudaForm,
                Permutes = _method.Permutes && form.Backward == BackwardOperand.Subset,
            };
        }
    }

    /// <summary>y = activation(x (W⊙Mf)ᵀ + b).</summary>
    /// <param name="call">The call.</param>
    /// <param name="input">x [rows, in_features], of the operands' type.</param>
    /// <param name="output">y [rows, out_features], of the operands' type, written.</param>
    /// <param name="before">[rows, out_features], written with the values before a gelu; or 0.</param>
    public void Forward(CudaCall call, nint input, nint output, nint before)
    {
        ulong x = Operand(call, input, InFeatures, "input"), y = Operand(call, output, OutFeatures, "output");
        ulong z = before == 0 ? 0 : Operand(call, before, OutFeatures, "values before the activation");
        bool isSparse = call.Side.Linear.Forward(call.State.Operands, x, y, z, call.Activation, call.Rows, call.Training, Stream(call));
        Interlocked.Increment(ref isSparse ? ref _forwardSparse : ref _forwardDense);
    }

    /// <summary>The gradient before the activation, once as it is for dW and once with its columns in the permutation's order for dX.</summary>
    /// <param name="call">The call.</param>
    /// <param name="gradient">dL/dy [rows, out_features], of any type that kernels take.</param>
    /// <param name="saved">y for relu, the values before a gelu; or 0.</param>
    /// <param name="direct">[rows, out_features], of the operands' type, written; or 0.</param>
    /// <param name="permuted">The same; or 0.</param>
    public void Gradient(CudaCall call, nint gradient, nint saved, nint direct, nint permuted)
    {
        CudaTensor g = call.Side.Host.Tensors.Read(Name, "grad_output", gradient);
        CheckTensor(g, call.Rows, OutFeatures, "grad_output");
        Lease(call);
        call.Side.Linear.Gradient(
            g.Pointer,
            g.Type,
            saved == 0 ? 0 : Operand(call, saved, OutFeatures, "saved activation"),
            direct == 0 ? 0 : Operand(call, direct, OutFeatures, "gradient"),
            permuted == 0 ? 0 : Operand(call, permuted, OutFeatures, "gradient"),
            call.Activation,
            call.Rows,
            Stream(call));
    }

    /// <summary>dX = g (W⊙Mb).</summary>
    /// <param name="call">The call.</param>
    /// <param name="permuted">The gradient, in the permutation's order if the call permutes.</param>
    /// <param name="result">dX [rows, in_features], of the operands' type, written.</param>
    public void BackwardInput(CudaCall call, nint permuted, nint result)
    {
        bool isSparse = call.Side.Linear.BackwardInput(
            call.State.Operands,
            Operand(call, permuted, OutFeatures, "gradient"),
            Operand(call, result, InFeatures, "grad_input"),
            call.Rows,
            Stream(call));
        Interlocked.Increment(ref isSparse ? ref _inputSparse : ref _inputDense);
    }

    /// <summary>dW: gᵀx, then what the method does to it. λ(1−Mf)⊙W enters only in the first backward after a change of the weights.</summary>
    /// <param name="call">The call.</param>
    /// <param name="direct">The gradient before the activation.</param>
    /// <param name="input">x.</param>
    /// <param name="weight">W as it was in forward.</param>
    /// <param name="result">[out_features, in_features], of the weight's type, written.</param>
    public void BackwardWeight(CudaCall call, nint direct, nint input, nint weight, nint result)
    {
        CudaLinear linear = call.Side.Linear;
        ulong w = Matrix(call, weight, linear.Spec.Weight, OutFeatures, InFeatures, "weight");
        ulong dw = Matrix(call, result, linear.Spec.Weight, OutFeatures, InFeatures, "grad_weight");
        linear.BackwardWeight(
            call.State.Operands, Operand(call, direct, OutFeatures, "gradient"), Operand(call, input, InFeatures, "input"), dw, w, PrunedOnCuda(call.Form), SampleOnCuda(call.Rows), call.Rows, Stream(call));
        Interlocked.Increment(ref _weightGradients);
    }

    /// <summary>db = Σ_batch g.</summary>
    /// <param name="call">The call.</param>
    /// <param name="direct">The gradient before the activation.</param>
    /// <param name="result">[out_features], float32, written.</param>
    public void BackwardBias(CudaCall call, nint direct, nint result) => call.Side.Linear.BackwardBias(
        Operand(call, direct, OutFeatures, "gradient"), Matrix(call, result, CudaType.F32, 1, OutFeatures, "grad_bias"), call.Rows, Stream(call));

    /// <summary>Gives the operands back.</summary>
    /// <param name="call">What <see cref="BeginCuda"/> gave.</param>
    public void End(CudaCall call)
    {
        lock (_gate)
        {
            if (call.Leased)
            {
                call.Leased = false;
                call.Side.Return(call.State);
            }
        }
    }

    /// <summary>Tells the clock that <c>state_dict</c> was read; as <see cref="OnStateDict(MatrixView)"/>, for a weight on a GPU that has run there.</summary>
    /// <param name="weight">W.</param>
    /// <returns>Whether the layer runs there; else the bits have to be told.</returns>
    public bool OnStateDict(nint weight)
    {
        RefuseReleased("state_dict()");
        lock (_gate)
        {
            if (_cuda is not { Key: not null } side)
            {
                return false;
            }

            _clock.OnStateDict(side.Identify(KeyOf(side, weight), null));
            return true;
        }
    }

    private void Lease(CudaCall call)
    {
        lock (_gate)
        {
            if (!call.Leased)
            {
                call.Leased = ReferenceEquals(_cuda, call.Side) && call.Side.TryLease(call.State)
                    ? true
                    : throw GraphIsStale();
            }
        }
    }

    private static nint Stream(CudaCall call) => call.Side.Host.Tensors.CurrentStream(call.Device);

    private ulong Operand(CudaCall call, nint tensor, int columns, string what) => Matrix(call, tensor, call.Side.Linear.Spec.Compute, call.Rows, columns, what);

    private ulong Matrix(CudaCall call, nint tensor, CudaType type, int rows, int columns, string what)
    {
        CudaTensor read = call.Side.Host.Tensors.Read(Name, what, tensor);
        CheckTensor(read, rows, columns, what);
        return read.Type == type && read.Device == call.Device
            ? read.Pointer
            : throw new NMSparseTypeException(Name, $"{what} is {read.Type} on GPU {read.Device}, expected {type} on GPU {call.Device}.");
    }

    private void CheckTensor(in CudaTensor tensor, int rows, int columns, string what)
    {
        if (tensor.Rows != rows || tensor.Columns != columns)
        {
            throw new NMSparseShapeException(Name, $"{what} is [{tensor.Rows}, {tensor.Columns}], expected [{rows}, {columns}].");
        }
    }
}
