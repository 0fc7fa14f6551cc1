using BiMaskGen.Training;

namespace BiMaskGen.Integration.Tests.Models;

/// <summary>One layer whose weight gradient comes from a sample.</summary>
internal abstract class Sampled(string name) : Module<Tensor, Tensor>(name)
{
    public const int In = 37, Out = 21;

    public abstract Linear Layer { get; }

    public SparseLinear Side => (SparseLinear)Harness.Sides.Of(this, "fc");

    public static Sampled Create(bool pairs)
    {
        manual_seed(3);
        return pairs ? new Sampled1x2() : new Sampled2x4();
    }

    /// <summary>dW of ⟨g, y⟩: dL/dz is g itself.</summary>
    public float[] WeightGradient(Tensor x, Tensor g)
    {
        using var scope = NewDisposeScope();
        zero_grad();
        (call(x) * g).sum().backward();
        return Harness.Values.Of(Layer.weight.grad!);
    }
}

[NMSparse(2, 4, Mvue = true, Seed = 4, Decay = 0)]
internal sealed partial class Sampled2x4 : Sampled
{
    private readonly Linear fc = Linear(In, Out);

    public Sampled2x4() : base("sampled") => RegisterComponents();

    public override Linear Layer => fc;

    public override Tensor forward(Tensor x) => fc.call(x);
}

[NMSparse(1, 2, Mvue = true, Decay = 0.5)]
internal sealed partial class Sampled1x2 : Sampled
{
    private readonly Linear fc = Linear(In, Out);

    public Sampled1x2() : base("sampled") => RegisterComponents();

    public override Linear Layer => fc;

    public override Tensor forward(Tensor x) => fc.call(x);
}
