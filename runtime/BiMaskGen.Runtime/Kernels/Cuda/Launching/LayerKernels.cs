namespace BiMaskGen.Kernels.Cuda;

/// <summary>Starts our own kernels. Matrices have no gaps; addresses are the GPU's. Nothing here waits for the GPU.</summary>
/// <param name="launcher">Where they run.</param>
internal readonly struct LayerKernels(IKernelLauncher launcher)
{
    /// <summary>Makes both masks and both operands of W in one pass.</summary>
    /// <param name="form">What a method makes of W.</param>
    /// <param name="words">The words of the mask of <see cref="ForwardOperand.Kept"/>; else not read.</param>
    /// <param name="weight">W [rows, columns].</param>
    /// <param name="weightType">Its type.</param>
    /// <param name="order">permutation[r] = original row at position r, int32; 0 for the identity.</param>
    /// <param name="operands">Where W ⊙ Mf [rows, columns] and (W ⊙ Mb)ᵀ [columns, rows] go; the second is 0 for <see cref="BackwardOperand.Forward"/>.</param>
    /// <param name="operandType">Their type.</param>
    /// <param name="shape">out_features and in_features.</param>
    /// <param name="statistics">A <see cref="MaskStatistics"/> on the GPU, which is added to.</param>
    public void MaskPass(
        in OperandForm form, ulong words, ulong weight, CudaType weightType, ulong order, (ulong Forward, ulong Backward) operands, CudaType operandType,
        (int Rows, int Columns) shape, ulong statistics)
    {
        if (form.IsWide)
        {
            WidePass(form, weight, weightType, operands.Forward, operandType, shape, statistics + MaskStatistics.FlagsOffset);
            return;
        }

        MaskPassArguments arguments = new()
        {
            Weight = weight,
            Order = order,
            Forward = operands.Forward,
            Backward = operands.Backward,
            Kept = statistics,
            Flags = statistics + MaskStatistics.FlagsOffset,
            Words = words,
            Rows = shape.Rows,
            Columns = shape.Columns,
            WholeColumns = LaunchPlan.IsWhole(shape.Columns, weight, operands.Forward) ? 1 : 0,
            WholeRows = LaunchPlan.IsWhole(shape.Rows, operands.Backward) ? 1 : 0,
            WordsPerRow = LaunchPlan.MaskWords(shape.Columns),
            Factor = form.Factor,
        };
        launcher.Launch(
            KernelVariant.MaskPass(form.Pattern, form.Forward, form.Backward, weightType, operandType), arguments, LaunchPlan.MaskPass(form.Pattern, shape.Rows, shape.Columns));
    }

    /// <summary>Writes the forward mask of W as the words of an <see cref="Masks.NMMask"/>.</summary>
    public void MaskBits(NMPattern pattern, ulong weight, CudaType weightType, ulong words, (int Rows, int Columns) shape)
    {
        MaskBitsArguments arguments = new()
        {
            Weight = weight,
            Words = words,
            Rows = shape.Rows,
            Columns = shape.Columns,
            WordsPerRow = LaunchPlan.Tiles(shape.Columns, 64),
            WholeColumns = LaunchPlan.IsWhole(shape.Columns, weight) ? 1 : 0,
        };
        launcher.Launch(
            KernelVariant.MaskBits(pattern, weightType), arguments, LaunchPlan.MaskBits(shape.Rows, arguments.WordsPerRow));
    }

    /// <summary>Writes the transposable mask of 2:4 as the words of an <see cref="Masks.NMMask"/>.</summary>
    /// <param name="weight">W [rows, columns].</param>
    /// <param name="weightType">Its type.</param>
    /// <param name="words">The words.</param>
    /// <param name="flags">32 bits; gains <see cref="MaskStatistics.NonFinite"/> if a weight is NaN or infinite: then the mask is void.</param>
    /// <param name="shape">out_features and in_features.</param>
    public void Transposable(ulong weight, CudaType weightType, ulong words, ulong flags, (int Rows, int Columns) shape)
    {
        TransposableArguments arguments = new()
        {
            Weight = weight,
            Words = words,
            Flags = flags,
            Rows = shape.Rows,
            Columns = shape.Columns,
            WordsPerRow = LaunchPlan.MaskWords(shape.Columns),
            WholeColumns = LaunchPlan.IsWhole(shape.Columns, weight) ? 1 : 0,
        };
        launcher.Launch(KernelVariant.Transposable(weightType), arguments, LaunchPlan.Transposable(shape.Rows, shape.Columns));
    }

    /// <summary>dW ← scale · dW + λ W where forward prunes.</summary>
    /// <param name="form">What forward keeps.</param>
    /// <param name="words">The words of the mask of <see cref="ForwardOperand.Kept"/>; else not read.</param>
    /// <param name="weight">W [rows, columns].</param>
    /// <param name="weightType">Its type.</param>
    /// <param name="gradient">dW, changed; or W itself.</param>
    /// <param name="gradientType">Its type.</param>
    /// <param name="pruned">What happens to pruned entries.</param>
    /// <param name="shape">out_features and in_features.</param>
    public void Decay(
        in OperandForm form, ulong words, ulong weight, CudaType weightType, ulong gradient, CudaType gradientType, PrunedEntries pruned, (int Rows, int Columns) shape)
    {
        DecayArguments arguments = new()
        {
            Weight = weight,
            Gradient = gradient,
            Words = words,
            Scale = pruned.Scale,
            Decay = pruned.Decay,
            Rows = shape.Rows,
            Columns = shape.Columns,
            WholeColumns = LaunchPlan.IsWhole(shape.Columns, weight, gradient) ? 1 : 0,
            WordsPerRow = LaunchPlan.MaskWords(shape.Columns),
        };
        launcher.Launch(
            KernelVariant.Decay(form.Pattern, form.Forward == ForwardOperand.Kept, weightType, gradientType), arguments, LaunchPlan.Decay(form.Pattern, shape.Rows, shape.Columns));
    }

    /// <summary>Takes the output's gradient through the activation, converts it, and gathers its columns.</summary>
    /// <param name="gradient">g [rows, columns].</param>
    /// <param name="gradientType">Its type.</param>
    /// <param name="saved">What forward kept, as <see cref="Cpu.ActivationGradient"/> wants it; not read without activation.</param>
    /// <param name="savedType">Its type.</param>
    /// <param name="order">The permutation.</param>
    /// <param name="results">Where the gradient before the activation goes, and the same in the permutation's order; 0 if not wanted.</param>
    /// <param name="operandType">Their type.</param>
    /// <param name="activation">The activation.</param>
    /// <param name="shape">Rows of the batch and out_features.</param>
    public void Gradient(
        ulong gradient, CudaType gradientType, ulong saved, CudaType savedType, ulong order, (ulong Direct, ulong Permuted) results,
        CudaType operandType, Activation activation, (int Rows, int Columns) shape)
    {
        (int rowsPerBlock, int shared) = results.Permuted == 0
            ? (1, 0)
            : LaunchPlan.Gradient(operandType, shape.Columns, launcher.SharedMemoryPerBlock);
        GradientArguments arguments = new()
        {
            Gradient = gradient,
            Saved = saved,
            Order = order,
            Direct = results.Direct,
            Permuted = results.Permuted,
            Rows = shape.Rows,
            Columns = shape.Columns,
            RowsPerBlock = rowsPerBlock,
            Staged = shared > 0 ? 1 : 0,
            WholeColumns = LaunchPlan.IsWhole(shape.Columns, gradient, activation == Activation.None ? 0 : saved, order, results.Direct, results.Permuted) ? 1 : 0,
        };
        launcher.Launch(KernelVariant.Gradient(gradientType, savedType, operandType, activation), arguments, (LaunchPlan.Tiles(shape.Rows, rowsPerBlock), 1), shared);
    }

    /// <summary>Draws an unbiased sample of a gradient along the batch.</summary>
    /// <param name="gradient">g [rows, columns].</param>
    /// <param name="type">Its type, and the sample's.</param>
    /// <param name="sampled">Where the sample goes.</param>
    /// <param name="sample">What is drawn.</param>
    /// <param name="shape">Rows of the batch and out_features.</param>
    public void Sample(ulong gradient, CudaType type, ulong sampled, BatchSample sample, (int Rows, int Columns) shape)
    {
        SampleArguments arguments = new()
        {
            Gradient = gradient,
            Sampled = sampled,
            State = sample.State,
            Rows = shape.Rows,
            Columns = shape.Columns,
            WholeColumns = LaunchPlan.IsWhole(shape.Columns, gradient, sampled) ? 1 : 0,
        };
        launcher.Launch(
            KernelVariant.Sample(sample.InPairs, type), arguments, LaunchPlan.Strips(type, LaunchPlan.Tiles(shape.Rows, sample.InPairs ? 2 : 4), shape.Columns));
    }

    /// <summary>Converts a matrix to another type.</summary>
    public void Convert(ulong source, CudaType sourceType, ulong result, CudaType resultType, (int Rows, int Columns) shape) =>
        Gradient(source, sourceType, 0, resultType, 0, (result, 0), resultType, Activation.None, shape);

    /// <summary>y = activation(y + bias) in place; z = y + bias where it is wanted.</summary>
    public void Epilogue(
        ulong output, CudaType outputType, ulong bias, CudaType biasType, ulong before, Activation activation, (int Rows, int Columns) shape)
    {
        EpilogueArguments arguments = new()
        {
            Output = output,
            Bias = bias,
            Before = before,
            Rows = shape.Rows,
            Columns = shape.Columns,
            WholeColumns = LaunchPlan.IsWhole(shape.Columns, output, before) ? 1 : 0,
        };
        launcher.Launch(KernelVariant.Epilogue(outputType, biasType, activation), arguments, LaunchPlan.Strips(outputType, shape.Rows, shape.Columns));
    }

    /// <summary>Sums over the rows, in fp32 and always in the same order.</summary>
    /// <param name="matrix">[rows, columns].</param>
    /// <param name="type">Its type.</param>
    /// <param name="partial">fp32 [<see cref="LaunchPlan.SumStrips"/>, columns] to work in.</param>
    /// <param name="sums">fp32 [columns].</param>
    /// <param name="shape">Rows and columns.</param>
    public void ColumnSums(ulong matrix, CudaType type, ulong partial, ulong sums, (int Rows, int Columns) shape)
    {
        // At least one strip, so that no rows sum to zero.
        (int x, int strips) = LaunchPlan.Strips(type, Math.Max(shape.Rows, 1), shape.Columns, LaunchPlan.SumStrips);
        Sum(matrix, type, partial, shape, (x, strips));
        Sum(partial, CudaType.F32, sums, (strips, shape.Columns), LaunchPlan.Strips(CudaType.F32, 1, shape.Columns));
    }

    private void WidePass(
        in OperandForm form, ulong weight, CudaType weightType, ulong forward, CudaType operandType, (int Rows, int Columns) shape, ulong flags)
    {
        WidePassArguments arguments = new()
        {
            Weight = weight,
            Forward = forward,
            Flags = flags,
            Rows = shape.Rows,
            Columns = shape.Columns,
            N = form.N,
            M = form.M,
        };
        launcher.Launch(KernelVariant.WidePass(weightType, operandType), arguments, LaunchPlan.WidePass(form.M, shape.Rows, shape.Columns));
    }

    private void Sum(ulong matrix, CudaType type, ulong sums, (int Rows, int Columns) shape, (int X, int Y) grid)
    {
        ColumnSumsArguments arguments = new()
        {
            Matrix = matrix,
            Sums = sums,
            Rows = shape.Rows,
            Columns = shape.Columns,
            WholeColumns = LaunchPlan.IsWhole(shape.Columns, matrix, sums) ? 1 : 0,
        };
        launcher.Launch(KernelVariant.ColumnSums(type), arguments, grid);
    }
}
