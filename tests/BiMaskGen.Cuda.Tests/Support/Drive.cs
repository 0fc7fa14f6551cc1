using BiMaskGen.Cuda.Tests.Models;
using BiMaskGen.Integration.Tests.Harness;

namespace BiMaskGen.Cuda.Tests.Support;

/// <summary>Calls of a layer, as tests make them.</summary>
internal static class Drive
{
    /// <summary>A forward of a batch that is a function of the seed.</summary>
    public static void Forward(OneLayer model, int seed)
    {
        using var scope = NewDisposeScope();
        _ = model.call(new Samples(seed).Tensor(8, OneLayer.In));
    }

    /// <summary>The same with its backward.</summary>
    public static void Backward(OneLayer model, int seed)
    {
        using var scope = NewDisposeScope();
        model.call(new Samples(seed).Tensor(8, OneLayer.In)).sum().backward();
    }

    /// <summary>A step of gradient descent.</summary>
    public static void Step(OneLayer model)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        foreach (Parameter parameter in model.parameters())
        {
            parameter.add_(parameter.grad!, alpha: -0.05);
        }
    }

    /// <summary>Backward and step of a batch that is a function of the step.</summary>
    public static void Train(OneLayer model, int step)
    {
        model.zero_grad();
        Backward(model, 50 + step);
        Step(model);
    }

    /// <summary>What the layer multiplies with at the moment, read off its product with the identity.</summary>
    public static float[] Operand(OneLayer model)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        return Values.Of(model.call(eye(OneLayer.In)).t().contiguous());
    }
}
