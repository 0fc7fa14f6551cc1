using BiMaskGen.Integration.Tests.Harness;

namespace BiMaskGen.Integration.Tests.Models;

/// <summary>One layer, for tests that look at what a method keeps; the project file derives the classes of the other methods.</summary>
internal abstract class OneLayer(string name) : Module<Tensor, Tensor>(name)
{
    public const int In = 40, Out = 24;

    public abstract Linear Layer { get; }

    public SparseLayer Side => Sides.Of(this, "fc");

    /// <summary>A layer by the name of its class, its weights a function of the seed.</summary>
    public static OneLayer Create(string name, int seed = 1)
    {
        manual_seed(seed);
        return Assert.IsAssignableFrom<OneLayer>(Activator.CreateInstance(Type.GetType($"{typeof(OneLayer).Namespace}.{name}Layer", throwOnError: true)!));
    }

    /// <summary>Forward and backward of one batch, a function of the step alone; the loss.</summary>
    public float Backward(int step)
    {
        using var scope = NewDisposeScope();
        var samples = new Samples(500 + step);
        zero_grad();
        Tensor loss = mse_loss(call(samples.Tensor(8, In)), samples.Tensor(8, Out));
        loss.backward();
        return loss.item<float>();
    }

    /// <summary>What the layer multiplies with at the moment, read off its product with the identity.</summary>
    public float[] Operand()
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        return Values.Of(call(eye(In)).t().contiguous());
    }
}
