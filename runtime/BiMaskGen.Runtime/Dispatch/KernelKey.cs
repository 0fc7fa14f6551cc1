namespace BiMaskGen.Dispatch;

/// <summary>What a choice of kernel depends on; equal products of other layers share it.</summary>
/// <param name="Pattern">N:M.</param>
/// <param name="OutFeatures">Rows of the weight.</param>
/// <param name="InFeatures">Columns of the weight.</param>
/// <param name="Product">Which product of the layer.</param>
/// <param name="Training">Whether operands are made anew for nearly every product, so that making them counts.</param>
/// <param name="Bucket">Size class of the batch.</param>
/// <param name="Threads">Threads that the kernels may use.</param>
internal readonly record struct KernelKey(
    NMPattern Pattern, int OutFeatures, int InFeatures, KernelProduct Product, bool Training, int Bucket, int Threads);
