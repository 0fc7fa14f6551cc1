namespace BiMaskGen.Kernels.Cuda;

/// <summary>A sparse layer as its CUDA side sees it.</summary>
/// <param name="Name">The layer as messages name it.</param>
/// <param name="Pattern">N:M.</param>
/// <param name="OutFeatures">Rows of the weight.</param>
/// <param name="InFeatures">Columns of the weight.</param>
/// <param name="Weight">The type of the weight, from whose bits masks are made; fp32 for master weights.</param>
/// <param name="Compute">The type of the products' operands.</param>
internal sealed record CudaLayerSpec(string Name, NMPattern Pattern, int OutFeatures, int InFeatures, CudaType Weight, CudaType Compute)
{
    /// <summary>The shape of the weight.</summary>
    public (int Rows, int Columns) Shape => (OutFeatures, InFeatures);

    /// <summary>Entries of the weight.</summary>
    public long Entries => (long)OutFeatures * InFeatures;

    /// <summary>The product y = x (W ⊙ Mf)ᵀ.</summary>
    public ProductShape Forward(int rows) => new(OutFeatures, InFeatures, rows);

    /// <summary>The product dX = g (W ⊙ Mb), g's columns in the permutation's order.</summary>
    public ProductShape Backward(int rows) => new(InFeatures, OutFeatures, rows);
}
