namespace BiMaskGen.Integration.Tests.Reference;

/// <summary>A test model that is a chain of linear layers with activations, and says so to the reference.</summary>
internal abstract class Stack(string name) : Module<Tensor, Tensor>(name)
{
    public abstract IReadOnlyList<StackLayer> Plan { get; }

    /// <summary>One layer alone, without its activation.</summary>
    public abstract Tensor Probe(int layer, Tensor x);
}
