namespace BiMaskGen.Cuda.Tests.Models;

/// <summary>One layer with what follows it.</summary>
internal abstract class OneLayer(string name) : Module<Tensor, Tensor>(name)
{
    public const int In = 48, Out = 32;

    public abstract Linear Layer { get; }

    public SparseLayer Side => Integration.Tests.Harness.Sides.Of(this, "fc");
}
