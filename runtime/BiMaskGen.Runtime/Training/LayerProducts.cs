using BiMaskGen.Kernels;

namespace BiMaskGen.Training;

/// <summary>
/// One call of a layer as its tensors lie in memory. Here those of a Linear, which are the matrices of its <see cref="SparseLinear"/>; other layers lay them
/// out as those first.
/// </summary>
/// <param name="layer">The layer.</param>
/// <param name="rows">Batch rows.</param>
public class LayerProducts(SparseLinear layer, int rows)
{
    /// <summary>The layer.</summary>
    public SparseLinear Layer { get; } = layer;

    /// <summary>Rows of the product.</summary>
    public int Rows { get; } = rows;

    /// <summary>Rows and columns of the input's memory.</summary>
    public virtual (int Rows, int Columns) Input => (Rows, Layer.InFeatures);

    /// <summary>Rows and columns of the output's memory.</summary>
    public virtual (int Rows, int Columns) Output => (Rows, Layer.OutFeatures);

    /// <summary>Columns of the weight's memory.</summary>
    public virtual int WeightColumns => Layer.InFeatures;

    /// <summary>Opens a forward, as <see cref="SparseLinear.Begin"/> does.</summary>
    /// <param name="weight">The weight.</param>
    /// <param name="training">Whether grad mode is on.</param>
    /// <param name="wantsInputGradient">Whether dX will be wanted.</param>
    /// <param name="activation">The activation to fuse.</param>
    /// <returns>The call; <see cref="SparseLinear.End(LinearCall)"/> gives back what it holds.</returns>
    public virtual LinearCall Begin(MatrixView weight, bool training, bool wantsInputGradient, Activation activation) =>
        Layer.Begin(weight, Rows, training, wantsInputGradient, activation);

    /// <summary>The output.</summary>
    /// <param name="call">The call.</param>
    /// <param name="input">The input.</param>
    /// <param name="bias">[1, out_features], or a view of nothing.</param>
    /// <param name="output">Written.</param>
    /// <param name="preActivation">As the output, written with the values before the activation; or a view of nothing.</param>
    public virtual void Forward(LinearCall call, MatrixView input, MatrixView bias, MatrixView output, MatrixView preActivation) =>
        Layer.Forward(call, input, bias, output, preActivation);

    /// <summary>The output of a layer that has given up its dense weight.</summary>
    /// <param name="input">The input.</param>
    /// <param name="bias">[1, out_features], or a view of nothing.</param>
    /// <param name="output">Written.</param>
    /// <param name="activation">The activation to fuse.</param>
    public virtual void ForwardReleased(MatrixView input, MatrixView bias, MatrixView output, Activation activation) =>
        Layer.ForwardReleased(input, bias, output, activation);

    /// <summary>The gradients; each is computed if its view is of something.</summary>
    /// <param name="call">The call.</param>
    /// <param name="g">dL/dz, as the output.</param>
    /// <param name="input">The input, if the weight's gradient is wanted.</param>
    /// <param name="weight">The weight as it was in forward, likewise.</param>
    /// <param name="dx">As the input, written.</param>
    /// <param name="dw">As the weight, written.</param>
    /// <param name="db">[1, out_features], written.</param>
    /// <exception cref="NMSparseException">The weights have moved on and the operands of the call are gone.</exception>
    public virtual unsafe void Backward(LinearCall call, MatrixView g, MatrixView input, MatrixView weight, MatrixView dx, MatrixView dw, MatrixView db)
    {
        if (dx.Pointer != null)
        {
            Layer.BackwardInput(call, g, dx);
        }

        if (dw.Pointer != null)
        {
            Layer.BackwardWeight(call, g, input, weight, dw);
        }

        if (db.Pointer != null)
        {
            Layer.BackwardBias(g, db);
        }
    }
}
