using System.ComponentModel;

namespace BiMaskGen;

/// <summary>
/// A model whose layers train N:M sparse. The generator implements it on a partial class that carries <see cref="NMSparseAttribute"/>;
/// <see cref="SparseModelExtensions"/> has the operations.
/// </summary>
public interface INMSparseModel
{
    /// <summary>The sparse layers of the class itself, by the name they are registered under.</summary>
    IReadOnlyList<(string Name, SparseLayer Layer)> OwnSparseLayers { get; }

    /// <summary>All sparse layers, those of annotated submodules included, by their path in the module tree; a shared layer once.</summary>
    IReadOnlyList<(string Name, SparseLayer Layer)> SparseLayers => Access.SparseLayers;

    /// <summary>The layers of the class itself that stay dense, each with the reason.</summary>
    IReadOnlyList<(string Name, string Reason)> OwnDenseLayers { get; }

    /// <summary>All layers of annotated classes that stay dense, by their path, each with the reason.</summary>
    IReadOnlyList<(string Name, string Reason)> DenseLayers => Access.DenseLayers;

    /// <summary>How the runtime reaches the model's modules and tensors.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    Loading.IModelAccess Access { get; }
}
