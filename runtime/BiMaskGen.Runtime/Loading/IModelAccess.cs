using System.ComponentModel;

namespace BiMaskGen.Loading;

/// <summary>A model as the emitted code holds it, for a runtime that knows no torch.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IModelAccess
{
    /// <summary>All sparse layers, as <see cref="INMSparseModel.SparseLayers"/>.</summary>
    IReadOnlyList<(string Name, SparseLayer Layer)> SparseLayers { get; }

    /// <summary>All layers that stay dense, as <see cref="INMSparseModel.DenseLayers"/>.</summary>
    IReadOnlyList<(string Name, string Reason)> DenseLayers { get; }

    /// <summary>
    /// Reads <c>state_dict</c>, which also tells the layers' clocks that a load follows.
    /// </summary>
    /// <returns>The tensors by key.</returns>
    /// <exception cref="NMSparseReleasedException">A layer has no dense weight any more.</exception>
    IReadOnlyDictionary<string, IModelTensor> ReadState();

    /// <summary>Puts the model into evaluation mode.</summary>
    void Evaluate();
}

/// <summary>A parameter or buffer of a model.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IModelTensor
{
    /// <summary>The tensor itself: two keys of one tensor give the same object.</summary>
    object Identity { get; }

    /// <summary>torch's number of the element type.</summary>
    int ScalarType { get; }

    /// <summary>The dimensions.</summary>
    long[] Shape { get; }

    /// <summary>Has all of its bytes written, on whatever device it is.</summary>
    void Write(TensorFill fill);
}

/// <summary>Writes all bytes of a tensor, row-major.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public delegate void TensorFill(Span<byte> bytes);
