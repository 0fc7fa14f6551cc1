using System.ComponentModel;

namespace BiMaskGen.Training;

/// <summary>A layer's dense weight as the emitted code holds it, for a runtime that knows no torch.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IDenseWeight
{
    /// <summary>Throws if the weight cannot be given up; changes nothing.</summary>
    /// <param name="model">The model in which nothing else may use the weight.</param>
    /// <param name="precision">What the layer shall multiply in afterwards.</param>
    /// <exception cref="NMSparseException">Another module shares the weight, or the model is not in evaluation mode.</exception>
    /// <exception cref="NMSparsePrecisionException">The layer cannot run in that precision.</exception>
    /// <exception cref="NMSparseTypeException">The weight is neither float32 on the CPU nor of a type that kernels take on a GPU.</exception>
    /// <exception cref="NMSparseValueException">The weight holds a NaN or an infinity.</exception>
    void CheckRelease(INMSparseModel model, InferencePrecision precision);

    /// <summary>
    /// Has the layer pack the weight (<see cref="SparseLinear.Release(MatrixView)"/>, on a GPU <see cref="SparseLinear.Release(MatrixView, nint, InferencePrecision)"/>),
    /// then frees it.
    /// </summary>
    void Release(InferencePrecision precision);

    /// <summary>Throws if the weight cannot be given up for one that comes from a file; changes nothing.</summary>
    /// <param name="model">The model in which nothing else may use the weight.</param>
    /// <exception cref="NMSparseException">Another module shares the weight.</exception>
    /// <exception cref="NMSparseTypeException">The weight is not float32 on the CPU.</exception>
    void CheckReplace(INMSparseModel model);

    /// <summary>Has the layer take a packed weight (<see cref="SparseLinear.Release(Checkpoints.PackedLayer)"/>), then frees its own.</summary>
    void Replace(Checkpoints.PackedLayer packed);

    /// <summary>
    /// Hands out the weight, or a float32 copy of it, as long as the body runs; does nothing where it is gone, or where layers that shared one hold several.
    /// </summary>
    void Read(Action<MatrixView> body);

    /// <summary>TorchSharp's handle of the weight that <see cref="Read"/> hands out; 0 where that does nothing.</summary>
    nint Handle { get; }

    /// <summary>Applies the decoupled decay to the weight, if it trains (<see cref="SparseLinear.WriteDecay(MatrixView, double, MatrixView)"/>).</summary>
    void Decay(double learningRate);

    /// <summary>Throws if masks cannot be written into the weight; changes nothing.</summary>
    /// <exception cref="NMSparseException">The schedule has not come to N:M, or layers that shared one weight hold several.</exception>
    /// <exception cref="NMSparseValueException">The weight holds a NaN or an infinity.</exception>
    void CheckDensify();

    /// <summary>Writes what forward multiplies into the weight (<see cref="SparseLinear.WriteMask"/>).</summary>
    void Densify();
}
