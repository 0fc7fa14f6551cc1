using System.Diagnostics;
using BiMaskGen.Kernels;
using BiMaskGen.Kernels.Cpu;

namespace BiMaskGen.Training;

/// <content>The products of a call; each runs outside the lock on the operands that the call leased.</content>
public abstract partial class SparseLinear
{
    private long _forwardSparse, _forwardDense, _inputSparse, _inputDense, _weightGradients;

    /// <inheritdoc/>
    public override KernelCounters Counters => new(
        Interlocked.Read(ref _forwardSparse), Interlocked.Read(ref _forwardDense),
        Interlocked.Read(ref _inputSparse), Interlocked.Read(ref _inputDense), Interlocked.Read(ref _weightGradients));

    /// <summary>y = act(x (W⊙Mf)ᵀ + b).</summary>
    /// <param name="call">The call.</param>
    /// <param name="x">[rows, in_features].</param>
    /// <param name="bias">[1, out_features], or a view of nothing.</param>
    /// <param name="y">[rows, out_features], written.</param>
    /// <param name="preActivation">[rows, out_features], written with the values before the activation; or a view of nothing.</param>
    public unsafe void Forward(LinearCall call, MatrixView x, MatrixView bias, MatrixView y, MatrixView preActivation)
    {
        CheckView(x, call.Rows, InFeatures, "input");
        CheckView(y, call.Rows, OutFeatures, "output");
        if (call.Rows == 0)
        {
            return;
        }

        long start = Stopwatch.GetTimestamp();
        ForwardPart(call, x, bias, y, preActivation);
        EndForward(call, Stopwatch.GetTimestamp() - start);
    }

    /// <summary>y of some rows of the call. <see cref="EndForward"/> follows when all rows are done.</summary>
    internal unsafe void ForwardPart(LinearCall call, MatrixView x, MatrixView bias, MatrixView y, MatrixView preActivation)
    {
        var epilogue = new Epilogue(bias.Pointer, call.Activation, preActivation.Pointer);
        if (call.ForwardKernel == KernelKind.SparseCpu)
        {
            call.Weights.MultiplyForward(x, y, epilogue, call.Rows);
            return;
        }

        fixed (float* w = call.Weights.DenseForward)
        {
            Gemm.Multiply(false, true, x.Rows, OutFeatures, InFeatures, 1, x.Pointer, InFeatures, w, InFeatures, 0, y.Pointer, OutFeatures, epilogue);
        }
    }

    /// <summary>Counts the product and reports its time.</summary>
    internal void EndForward(LinearCall call, long ticks)
    {
        Interlocked.Increment(ref call.ForwardKernel == KernelKind.SparseCpu ? ref _forwardSparse : ref _forwardDense);
        call.TimeForward?.Report(call.ForwardKernel, ticks + call.ForwardPreparation);
    }

    /// <summary>g ⊙ act'(…), the gradient before the fused activation.</summary>
    /// <param name="call">The call.</param>
    /// <param name="g">dL/dy, [rows, out_features].</param>
    /// <param name="saved">y for relu, the values before the activation for gelu.</param>
    /// <param name="result">[rows, out_features], written.</param>
    public unsafe void BackwardActivation(LinearCall call, MatrixView g, MatrixView saved, MatrixView result)
    {
        CheckView(g, call.Rows, OutFeatures, "grad_output");
        CheckView(saved, call.Rows, OutFeatures, "saved activation");
        CheckView(result, call.Rows, OutFeatures, "gradient");
        ActivationGradient.Multiply(call.Activation, g.Pointer, saved.Pointer, result.Pointer, (long)g.Rows * g.Columns);
    }

    /// <summary>dX = g (W⊙Mb).</summary>
    /// <param name="call">The call, begun with dX wanted.</param>
    /// <param name="g">dL/dz, [rows, out_features].</param>
    /// <param name="dx">[rows, in_features], written.</param>
    /// <exception cref="NMSparseException">The weights have moved on and the operands of the call are gone.</exception>
    public unsafe void BackwardInput(LinearCall call, MatrixView g, MatrixView dx)
    {
        CheckView(g, call.Rows, OutFeatures, "grad_output");
        CheckView(dx, call.Rows, InFeatures, "grad_input");
        Lease(call);
        if (call.Rows == 0)
        {
            return;
        }

        long start = Stopwatch.GetTimestamp();
        BackwardInputPart(call, g, dx);
        EndBackwardInput(call, Stopwatch.GetTimestamp() - start);
    }

    /// <summary>dX of some rows of the call. <see cref="EndBackwardInput"/> follows when all rows are done.</summary>
    internal unsafe void BackwardInputPart(LinearCall call, MatrixView g, MatrixView dx)
    {
        LinearWeights weights = Lease(call);
        if (call.BackwardKernel == KernelKind.SparseCpu)
        {
            weights.MultiplyBackward(g, dx, call.Rows);
            return;
        }

        fixed (float* w = weights.DenseBackward)
        {
            Gemm.Multiply(false, false, g.Rows, InFeatures, OutFeatures, 1, g.Pointer, OutFeatures, w, InFeatures, 0, dx.Pointer, InFeatures);
        }
    }

    /// <summary>Counts the product and reports its time.</summary>
    internal void EndBackwardInput(LinearCall call, long ticks)
    {
        Interlocked.Increment(ref call.BackwardKernel == KernelKind.SparseCpu ? ref _inputSparse : ref _inputDense);
        call.TimeBackward?.Report(call.BackwardKernel, ticks + call.BackwardPreparation);
    }

    /// <summary>
    /// dW: gᵀx, then what the method does to it. λ(1−Mf)⊙W enters only in the first backward after a change of the weights. Under
    /// <see cref="SparseLayerOptions.Mvue"/> a sample takes the place of gᵀ.
    /// </summary>
    /// <param name="call">The call.</param>
    /// <param name="g">dL/dz, [rows, out_features].</param>
    /// <param name="x">[rows, in_features].</param>
    /// <param name="weight">W as it was in forward.</param>
    /// <param name="dw">[out_features, in_features], written.</param>
    /// <exception cref="NMSparseException">The weights have moved on and the operands of the call are gone.</exception>
    public unsafe void BackwardWeight(LinearCall call, MatrixView g, MatrixView x, MatrixView weight, MatrixView dw)
    {
        CheckView(g, call.Rows, OutFeatures, "grad_output");
        CheckView(x, call.Rows, InFeatures, "input");
        CheckView(weight, OutFeatures, InFeatures, "weight");
        CheckView(dw, OutFeatures, InFeatures, "grad_weight");
        BackwardWeightPart(call, g, x, dw, isFirst: true);
        EndBackwardWeight(call, weight, dw);
    }

    /// <summary>
    /// What some rows of the call add to gᵀx. A sample is drawn from all rows at once. <see cref="EndBackwardWeight"/> follows when all rows are done.
    /// </summary>
    internal unsafe void BackwardWeightPart(LinearCall call, MatrixView g, MatrixView x, MatrixView dw, bool isFirst)
    {
        Lease(call);
        if (Options.Mvue && call.Rows > 0)
        {
            Debug.Assert(g.Rows == call.Rows, "A sample is drawn from all rows at once.");
            MultiplySampled(g, x, dw);
        }
        else
        {
            Gemm.Multiply(true, false, OutFeatures, InFeatures, g.Rows, 1, g.Pointer, OutFeatures, x.Pointer, InFeatures, isFirst ? 0 : 1, dw.Pointer, InFeatures);
        }
    }

    /// <summary>What the method does to gᵀx, once.</summary>
    internal unsafe void EndBackwardWeight(LinearCall call, MatrixView weight, MatrixView dw)
    {
        LinearWeights weights = Lease(call);
        double decay = TakeDecay();
        if (decay != 0 && !weights.Form.IsDense)
        {
            DecayGradient.Add(dw.Pointer, weight.Pointer, weights.Forward, (float)decay);
        }

        if (_method.MasksGradient && !weights.Form.IsDense)
        {
            MaskApply.Multiply(dw.Pointer, weights.Forward, dw.Pointer, weights.Form.Pruned);
        }

        Interlocked.Increment(ref _weightGradients);
    }

    /// <summary>db = Σ_batch g.</summary>
    /// <param name="g">dL/dz, [rows, out_features].</param>
    /// <param name="db">[1, out_features], written.</param>
    public unsafe void BackwardBias(MatrixView g, MatrixView db)
    {
        CheckView(db, 1, OutFeatures, "grad_bias");
        ColumnSums.Compute(g.Pointer, g.Rows, OutFeatures, OutFeatures, db.Pointer);
    }

    // A graph that was kept may be run again after the lease went back: fine as long as nobody refilled the operands.
    private LinearWeights Lease(LinearCall call)
    {
        lock (_gate)
        {
            if (!call.Leased)
            {
                if (call.Weights.Generation != call.Generation)
                {
                    throw GraphIsStale();
                }

                call.Leased = true;
                call.Weights.Leases++;
            }

            return call.Weights;
        }
    }

    private NMSparseException GraphIsStale() =>
        new($"{Name}: the weights changed since the forward of this graph; its gradients cannot be computed any more.");

    private void CheckView(MatrixView view, int rows, int columns, string what)
    {
        if (view.Rows != rows || view.Columns != columns)
        {
            throw new NMSparseShapeException(Name, $"{what} is [{view.Rows}, {view.Columns}], expected [{rows}, {columns}].");
        }
    }
}
