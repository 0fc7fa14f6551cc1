namespace BiMaskGen.Kernels.Cuda;

/// <summary>What a method does to dW where forward prunes: scale · dW + λ W.</summary>
/// <param name="Scale">1, or what remains of a gradient under the mask.</param>
/// <param name="Decay">λ of SR-STE's decay, or 0.</param>
internal readonly record struct PrunedEntries(float Scale, float Decay)
{
    /// <summary>The decay alone.</summary>
    public static PrunedEntries Decaying(float decay) => new(1, decay);

    /// <summary>Whether nothing happens.</summary>
    public bool IsNothing => Scale == 1 && Decay == 0;
}
