namespace BiMaskGen;

/// <summary>What a user can ask of a model whose layers train sparse.</summary>
public static class SparseModelExtensions
{
    /// <summary>The statistics of all sparse layers, and what stays dense and why.</summary>
    /// <param name="model">The model.</param>
    public static SparsityReport GetSparsityReport(this INMSparseModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new SparsityReport([.. model.SparseLayers.Select(l => (l.Name, l.Layer.GetReport()))], model.DenseLayers);
    }

    /// <summary>The sparse layers by their path in the module tree.</summary>
    /// <param name="model">The model.</param>
    public static IReadOnlyList<(string Name, SparseLayer Layer)> GetSparseLayers(this INMSparseModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.SparseLayers;
    }

    /// <summary>
    /// Writes permutation, clock, kernel choices and what else a method keeps of all sparse layers to a file beside the checkpoint. An interrupted write
    /// leaves the file that was there.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="NMSparseReleasedException">A layer has no dense weight any more.</exception>
    public static void SaveSparseState(this INMSparseModel model, string path)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(path);
        SparseStateFile.Save(path, model.SparseLayers);
    }

    /// <summary>Reads what <see cref="SaveSparseState"/> wrote; a file that does not fit changes nothing.</summary>
    /// <param name="model">The model, its weights loaded.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="NMSparseStateException">The file is damaged, or of another version, pattern, method, shape or length of the run.</exception>
    /// <exception cref="NMSparseReleasedException">A layer has no dense weight any more.</exception>
    public static void LoadSparseState(this INMSparseModel model, string path)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(path);
        SparseStateFile.Load(path, model.SparseLayers);
    }

    /// <summary>
    /// What <see cref="SaveSparseState"/> writes, as bytes: for a state_dict, or any other container, that is to hold the sparse state beside the weights
    /// (<c>dict["nms_state"] = tensor(model.GetSparseState())</c>). TorchSharp's strict load refuses a key that the model does not know.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <exception cref="NMSparseReleasedException">A layer has no dense weight any more.</exception>
    public static byte[] GetSparseState(this INMSparseModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return SparseStateFile.Write(model.SparseLayers);
    }

    /// <summary>Takes what <see cref="GetSparseState"/> gave, or the content of a file that <see cref="SaveSparseState"/> wrote; what does not fit changes nothing.</summary>
    /// <param name="model">The model, its weights loaded.</param>
    /// <param name="state">The bytes.</param>
    /// <exception cref="NMSparseStateException">They are damaged, or of another version, pattern, method, shape or length of the run.</exception>
    /// <exception cref="NMSparseReleasedException">A layer has no dense weight any more.</exception>
    public static void SetSparseState(this INMSparseModel model, ReadOnlySpan<byte> state)
    {
        ArgumentNullException.ThrowIfNull(model);
        SparseStateFile.Read("sparse state", state, model.SparseLayers);
    }

    /// <summary>
    /// Gives up the dense weights of all sparse layers for inference: each keeps its bias and its kept weights packed, 17/32 of a float32
    /// weight at 2:4, 9/128 at 1:16; on a GPU the compressed operand of sparse tensor cores, 9/16 of a 16-bit one, or where they do not take the layer the masked
    /// operand in the products' type. One-way: afterwards saving, loading, <c>state_dict</c>, <c>train()</c>, <c>to()</c> and forwards
    /// with gradients throw <see cref="NMSparseReleasedException"/>. Layers that are released already stay as they are; if any layer is
    /// refused, none is released. Dense layers are not touched. No other thread may be in a forward of the model meanwhile.
    /// </summary>
    /// <param name="model">The model, in evaluation mode.</param>
    /// <exception cref="NMSparseException">The model is in training mode, or another module shares a weight.</exception>
    /// <exception cref="NMSparseTypeException">
    /// A weight is neither float32 on the CPU nor float32, bfloat16 or float16 on a GPU, or it is a convolution's on a GPU.
    /// </exception>
    /// <exception cref="NMSparseValueException">A weight holds a NaN or an infinity.</exception>
    /// <exception cref="NMSparseCudaException">A GPU has too little free memory for what is to be kept: the layers after that one have their weights still.</exception>
    public static void ReleaseDense(this INMSparseModel model) => model.ReleaseDense(InferencePrecision.AsTrained);

    /// <summary><see cref="ReleaseDense(INMSparseModel)"/> for some layers; layers that share one weight go together.</summary>
    /// <param name="model">The model, in evaluation mode.</param>
    /// <param name="layers">Sparse layers by their path in the module tree, as <see cref="GetSparseLayers"/> names them.</param>
    /// <exception cref="NMSparseException">A name is no sparse layer, or as for the whole model.</exception>
    /// <exception cref="NMSparseTypeException">As for the whole model.</exception>
    /// <exception cref="NMSparseValueException">A weight holds a NaN or an infinity.</exception>
    /// <exception cref="NMSparseCudaException">As for the whole model.</exception>
    public static void ReleaseDense(this INMSparseModel model, params string[] layers) => model.ReleaseDense(InferencePrecision.AsTrained, layers);

    /// <summary>
    /// <see cref="ReleaseDense(INMSparseModel)"/>, to multiply in another precision from then on: int8 or float8 on a GPU. That changes outputs, and cannot be
    /// undone either: load the checkpoint into another model to compare. A layer that cannot run so is refused, and then none is released.
    /// </summary>
    /// <param name="model">The model, in evaluation mode.</param>
    /// <param name="precision">What to multiply in.</param>
    /// <exception cref="NMSparsePrecisionException">
    /// A layer cannot run in that precision: it is on the CPU, its pattern is no 2:4 operand, out_features or in_features is no multiple of 32, or the GPU or
    /// cuSPARSELt does not know the type.
    /// </exception>
    /// <exception cref="NMSparseException">As for <see cref="ReleaseDense(INMSparseModel)"/>.</exception>
    /// <exception cref="NMSparseTypeException">Likewise.</exception>
    /// <exception cref="NMSparseValueException">A weight holds a NaN or an infinity.</exception>
    /// <exception cref="NMSparseCudaException">As for <see cref="ReleaseDense(INMSparseModel)"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such precision.</exception>
    public static void ReleaseDense(this INMSparseModel model, InferencePrecision precision)
    {
        ArgumentNullException.ThrowIfNull(model);
        DenseRelease.Run(model, model.SparseLayers, precision);
    }

    /// <summary><see cref="ReleaseDense(INMSparseModel, InferencePrecision)"/> for some layers; others can be released in another precision.</summary>
    /// <param name="model">The model, in evaluation mode.</param>
    /// <param name="precision">What to multiply in.</param>
    /// <param name="layers">Sparse layers by their path in the module tree, as <see cref="GetSparseLayers"/> names them.</param>
    /// <exception cref="NMSparsePrecisionException">A layer cannot run in that precision.</exception>
    /// <exception cref="NMSparseException">A name is no sparse layer, or as for <see cref="ReleaseDense(INMSparseModel)"/>.</exception>
    /// <exception cref="NMSparseTypeException">As for <see cref="ReleaseDense(INMSparseModel)"/>.</exception>
    /// <exception cref="NMSparseValueException">A weight holds a NaN or an infinity.</exception>
    /// <exception cref="NMSparseCudaException">As for <see cref="ReleaseDense(INMSparseModel)"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such precision.</exception>
    public static void ReleaseDense(this INMSparseModel model, InferencePrecision precision, params string[] layers)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(layers);
        DenseRelease.Run(model, DenseRelease.Named(model, layers), precision);
    }

    /// <summary>
    /// Writes the masks into the dense weights of all sparse layers, W ← W⊙Mf (<see cref="SparseMethod.Continuous"/>: W ← β·S(W)), for export: the file that
    /// <c>model.save</c> writes then gives the same outputs in a model without the attribute. Pruned weights are +0 and start from there if training goes
    /// on; it is no training step. If any layer is refused, none is changed.
    /// </summary>
    /// <param name="model">The model; no other thread may use it meanwhile.</param>
    /// <exception cref="NMSparseReleasedException">A layer has no dense weight any more.</exception>
    /// <exception cref="NMSparseException">The schedule of a layer has not come to N:M, or has left it.</exception>
    /// <exception cref="NMSparseValueException">A weight holds a NaN or an infinity.</exception>
    public static void Densify(this INMSparseModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        IReadOnlyList<(string Name, SparseLayer Layer)> layers = model.SparseLayers;
        foreach ((_, SparseLayer layer) in layers)
        {
            layer.RefuseReleased("Densify()");
            layer.DenseWeight.CheckDensify();
        }

        foreach ((_, SparseLayer layer) in layers)
        {
            layer.DenseWeight.Densify();
        }
    }

    /// <summary>
    /// Loads a packed checkpoint (docs/format.md), as a build or <c>bimask sparsify</c> writes it: all tensors of the model, the sparse layers
    /// packed. A file that is damaged or does not fit changes nothing. Weights are converted to the types of the model's tensors.
    /// </summary>
    /// <param name="model">The model; no other thread may use it meanwhile.</param>
    /// <param name="path">The file.</param>
    /// <param name="load">What for. For inference the model cannot be trained, saved or loaded again afterwards.</param>
    /// <param name="strict">Whether the file must have all tensors of the model and no others.</param>
    /// <exception cref="NMSparseCheckpointException">
    /// The file is damaged, of an unknown kind, or does not fit: keys, shapes, types or patterns differ.
    /// </exception>
    /// <exception cref="NMSparseValueException">A kept weight is NaN or infinite.</exception>
    /// <exception cref="NMSparseTypeException">For inference: a sparse layer is not float32 on the CPU.</exception>
    /// <exception cref="NMSparseReleasedException">A layer has no dense weight any more: load into a new model.</exception>
    /// <exception cref="NMSparseException">For inference: another module shares a sparse layer's weight.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static void LoadSparse(this INMSparseModel model, string path, SparseLoad load = SparseLoad.Inference, bool strict = true)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(path);
        Loading.SparseLoader.Run(model, path, load, strict);
    }

    /// <summary>Makes every sparse layer forget its masks; see <see cref="SparseLayer.Invalidate"/>.</summary>
    /// <param name="model">The model.</param>
    public static void Invalidate(this INMSparseModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        foreach ((_, SparseLayer layer) in model.SparseLayers)
        {
            layer.Invalidate();
        }
    }

    /// <summary>Sets λ's multiplier of every sparse layer, for training under loss scaling.</summary>
    /// <param name="model">The model.</param>
    /// <param name="scale">The scale by which the loss is multiplied.</param>
    public static void SetLossScale(this INMSparseModel model, double scale)
    {
        ArgumentNullException.ThrowIfNull(model);
        foreach ((_, SparseLayer layer) in model.SparseLayers)
        {
            layer.LossScale = scale;
        }
    }

    /// <summary>Sets the clock of every sparse layer.</summary>
    /// <param name="model">The model.</param>
    /// <param name="step">Training steps counted so far.</param>
    public static void SetStep(this INMSparseModel model, long step)
    {
        ArgumentNullException.ThrowIfNull(model);
        foreach ((_, SparseLayer layer) in model.SparseLayers)
        {
            layer.Step = step;
        }
    }

    /// <summary>
    /// Sets the length of the run for every sparse layer, in place of what the attribute says: structure decay, a mask decay by its share and
    /// dense phases depend on it.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="steps">Optimizer steps of the whole run.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one.</exception>
    public static void SetTotalSteps(this INMSparseModel model, long steps)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        foreach ((_, SparseLayer layer) in model.SparseLayers)
        {
            layer.TotalSteps = steps;
        }
    }

    /// <summary>
    /// The decay of layers with <see cref="NMSparseAttribute.DecoupledDecay"/>: multiplies the weights that the next forward prunes by
    /// 1 − learningRate·λ. To be called after every <c>optimizer.step()</c>; a forward after a step without it throws. Other layers, and weights that
    /// do not require gradients, stay as they are.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="learningRate">The optimizer's learning rate at this step.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is negative or not finite.</exception>
    /// <exception cref="NMSparseValueException">A weight holds a NaN or an infinity.</exception>
    /// <exception cref="NMSparseReleasedException">A layer has no dense weight any more.</exception>
    public static void DecayPruned(this INMSparseModel model, double learningRate)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (!(learningRate >= 0) || !double.IsFinite(learningRate))
        {
            throw new ArgumentOutOfRangeException(nameof(learningRate), learningRate, "A learning rate is finite and at least 0.");
        }

        foreach ((_, SparseLayer layer) in model.SparseLayers.Where(l => l.Layer.Options.DecoupledDecay))
        {
            layer.RefuseReleased("DecayPruned()");
            layer.DenseWeight.Decay(learningRate);
        }
    }
}
