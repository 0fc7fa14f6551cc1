namespace BiMaskGen.Kernels.Cuda;

internal sealed partial class CudaLinear
{
    /// <summary>y = activation(x (W ⊙ Mf)ᵀ + b).</summary>
    /// <param name="operands">The operands.</param>
    /// <param name="input">x [rows, in_features], of the products' type.</param>
    /// <param name="output">y [rows, out_features], of the products' type.</param>
    /// <param name="before">Where the value before a gelu or silu goes, or 0.</param>
    /// <param name="activation">The activation.</param>
    /// <param name="rows">Rows of the batch.</param>
    /// <param name="training">Whether operands are made anew for nearly every product, so that compressing them counts.</param>
    /// <param name="stream">The stream.</param>
    /// <returns>Whether it ran on sparse tensor cores.</returns>
    public bool Forward(
        CudaOperands operands, ulong input, ulong output, ulong before, Activation activation, int rows, bool training, nint stream)
    {
        if (rows == 0)
        {
            return false;
        }

        using CudaContext.Scope scope = device.Context.Enter();

        // The bias is always the library's: added before the sum is rounded. Its gelu is the approximation by tanh, which torch's default is not; silu it has none.
        bool isFused = !activation.KeepsInput() && before == 0;
        ulong bias = operands.HasBias ? operands.Bias.Pointer : 0;
        PlanKey key = new(spec.Forward(rows), spec.Compute, bias != 0, isFused && activation == Activation.Relu);
        bool isSparse = Multiply(operands, isBackward: false, key, input, output, bias, training, stream);
        if (!isFused)
        {
            new LayerKernels(new StreamLauncher(device, stream)).Epilogue(
                output, spec.Compute, 0, spec.Compute, before, activation, (rows, spec.OutFeatures));
        }

        return isSparse;
    }

    /// <summary>Takes the output's gradient through the activation, in one pass: for dW as it is, for dX in the permutation's order.</summary>
    /// <param name="gradient">g [rows, out_features].</param>
    /// <param name="gradientType">Its type.</param>
    /// <param name="saved">y for relu, the value before the activation for gelu and silu, of the products' type; else 0.</param>
    /// <param name="direct">Where the first goes; 0 if it is not wanted.</param>
    /// <param name="permuted">Where the second goes; 0 if it is not wanted.</param>
    /// <param name="activation">The activation.</param>
    /// <param name="rows">Rows of the batch.</param>
    /// <param name="stream">The stream.</param>
    public void Gradient(
        ulong gradient, CudaType gradientType, ulong saved, ulong direct, ulong permuted, Activation activation, int rows, nint stream)
    {
        if (direct == 0 && permuted == 0)
        {
            return;
        }

        using CudaContext.Scope scope = device.Context.Enter();
        if (permuted != 0)
        {
            EnsureOrder(stream);
        }

        new LayerKernels(new StreamLauncher(device, stream)).Gradient(
            gradient, gradientType, saved, spec.Compute, _order?.Pointer ?? 0, (direct, permuted), spec.Compute, activation, (rows, spec.OutFeatures));
    }

    /// <summary>dX = g (W ⊙ Mb).</summary>
    /// <param name="operands">The operands that forward used.</param>
    /// <param name="permuted">The gradient in the permutation's order; of operands without one as it is.</param>
    /// <param name="result">dX [rows, in_features], of the products' type.</param>
    /// <param name="rows">Rows of the batch.</param>
    /// <param name="stream">The stream.</param>
    /// <returns>Whether it ran on sparse tensor cores.</returns>
    public bool BackwardInput(CudaOperands operands, ulong permuted, ulong result, int rows, nint stream)
    {
        if (rows == 0)
        {
            return false;
        }

        using CudaContext.Scope scope = device.Context.Enter();
        return Multiply(operands, isBackward: true, new(spec.Backward(rows), spec.Compute, false, false), permuted, result, 0, training: true, stream);
    }

    /// <summary>dW = gᵀ x, where forward prunes scale · gᵀ x + λ W; of the weight's type.</summary>
    /// <param name="operands">The operands that forward used.</param>
    /// <param name="direct">The gradient.</param>
    /// <param name="input">x.</param>
    /// <param name="result">dW [out_features, in_features].</param>
    /// <param name="weight">W.</param>
    /// <param name="pruned">What happens to pruned entries.</param>
    /// <param name="sample">The sample that takes the place of the gradient, or null.</param>
    /// <param name="rows">Rows of the batch.</param>
    /// <param name="stream">The stream.</param>
    public void BackwardWeight(
        CudaOperands operands, ulong direct, ulong input, ulong result, ulong weight, PrunedEntries pruned, BatchSample? sample, int rows, nint stream)
    {
        using CudaContext.Scope scope = device.Context.Enter();
        if (rows == 0)
        {
            device.Context.Driver.Fill(result, 0, spec.Entries * spec.Weight.Bytes(), stream);
        }
        else
        {
            using DeviceBuffer? sampled = sample is null ? null : new(device.Context, (long)rows * spec.OutFeatures * spec.Compute.Bytes(), stream);
            if (sample is { } draw)
            {
                new LayerKernels(new StreamLauncher(device, stream)).Sample(direct, spec.Compute, sampled!.Pointer, draw, (rows, spec.OutFeatures));
            }

            ThreadHandles handles = ThreadHandles.Of(runtime, device);
            DensePlan plan = handles.Dense(new(new(spec.Forward(rows), spec.Compute, false, false), DenseForm.Weight, spec.Weight), 0);
            plan.Run(sampled?.Pointer ?? direct, input, result, 0, handles.Workspace(plan.WorkspaceBytes, stream), stream);
        }

        if (!pruned.IsNothing)
        {
            new LayerKernels(new StreamLauncher(device, stream)).Decay(operands.Form, operands.Words?.Pointer ?? 0, weight, spec.Weight, result, spec.Weight, pruned, spec.Shape);
        }
    }

    /// <summary>db = Σ over the batch of g, in fp32.</summary>
    public void BackwardBias(ulong direct, ulong result, int rows, nint stream)
    {
        using CudaContext.Scope scope = device.Context.Enter();
        using DeviceBuffer partial = new(device.Context, (long)LaunchPlan.SumStrips * spec.OutFeatures * sizeof(float), stream);
        new LayerKernels(new StreamLauncher(device, stream)).ColumnSums(direct, spec.Compute, partial.Pointer, result, (rows, spec.OutFeatures));
    }

    private bool Multiply(
        CudaOperands operands, bool isBackward, in PlanKey key, ulong dense, ulong output, ulong bias, bool training, nint stream)
    {
        bool isSparse = Choose(operands, isBackward, key, dense, output, bias, training, stream).IsSparse;
        if (isSparse)
        {
            Sparse(operands, isBackward, key, dense, output, bias, stream);
        }
        else
        {
            Dense(operands, isBackward, key, dense, output, bias, stream);
        }

        return isSparse;
    }

    private void Sparse(CudaOperands operands, bool isBackward, in PlanKey key, ulong dense, ulong output, ulong bias, nint stream)
    {
        ThreadHandles handles = ThreadHandles.Of(runtime, device);
        SparsePlan plan = handles.Sparse(key, bias);
        handles.Run(plan, key, operands.Compressed(isBackward, plan), dense, output, stream);
    }

    private void Dense(CudaOperands operands, bool isBackward, in PlanKey key, ulong dense, ulong output, ulong bias, nint stream)
    {
        ThreadHandles handles = ThreadHandles.Of(runtime, device);

        // Forward's operand [out_features, in_features] is what dX multiplies as it lies.
        bool isForwards = isBackward && operands.Backward is null;
        DensePlan plan = handles.Dense(new(key, isForwards ? DenseForm.Untransposed : DenseForm.Activations, key.Type), bias);
        ulong weight = (isBackward && !isForwards ? operands.Backward! : operands.Forward).Pointer;
        plan.Run(weight, dense, output, bias, handles.Workspace(plan.WorkspaceBytes, stream), stream);
    }
}
