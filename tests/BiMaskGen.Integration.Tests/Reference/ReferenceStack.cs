using BiMaskGen.Integration.Tests.Harness;

namespace BiMaskGen.Integration.Tests.Reference;

/// <summary>The chain of a model's layers as they are at this moment, its loss the mean square distance to a target.</summary>
internal sealed class ReferenceStack
{
    public ReferenceStack(Stack model)
    {
        var sides = Sides.Model(model).OwnSparseLayers.ToDictionary(l => l.Name, l => l.Layer);
        Layers = [.. model.Plan.Select(l => l.M == 0 ? new ReferenceLinear(l, null) : new ReferenceLinear(l, sides[l.Name].Permutation, sides[l.Name].Step))];
    }

    public IReadOnlyList<ReferenceLinear> Layers { get; }

    public bool Undecided => Layers.Any(l => l.Undecided);

    public double[] Forward(Tensor x)
    {
        double[] values = Values.Doubles(x);
        int rows = values.Length / Layers[0].In;
        return Layers.Aggregate(values, (current, layer) => layer.Forward(current, rows));
    }

    /// <summary>Forward and backward of one batch; the gradients add up.</summary>
    public (double Loss, double[] Output, double[] InputGradient) Accumulate(Tensor x, Tensor target)
    {
        double[] y = Forward(x), t = Values.Doubles(target), g = new double[y.Length];
        double loss = 0;
        for (int i = 0; i < y.Length; i++)
        {
            loss += (y[i] - t[i]) * (y[i] - t[i]) / y.Length;
            g[i] = 2 * (y[i] - t[i]) / y.Length;
        }

        return (loss, y, Backward(g));
    }

    public double[] Backward(double[] g)
    {
        int rows = g.Length / Layers[^1].Out;
        return Layers.Reverse().Aggregate(g, (current, layer) => layer.Backward(current, rows));
    }

    public void AddDecay()
    {
        foreach (ReferenceLinear layer in Layers)
        {
            layer.AddDecay();
        }
    }

    /// <summary>The model's output on x is the reference's.</summary>
    public static void AssertOutput(Stack model, Tensor x, string when)
    {
        using Tensor y = model.call(x);
        Values.Close(new ReferenceStack(model).Forward(x), y, $"output {when}");
    }

    /// <summary>Forward and one backward from the sum of squares: output, input gradient and, with λ if it is due, weight gradients.</summary>
    public static void AssertStep(Stack model, Tensor x, bool decay, string when)
    {
        model.zero_grad();
        Tensor y = model.call(x);
        (y * y).sum().backward();
        var reference = new ReferenceStack(model);
        double[] output = reference.Forward(x);
        Values.Close(output, y, $"output {when}");
        double[] dx = reference.Backward(Array.ConvertAll(output, v => 2 * v));
        if (decay)
        {
            reference.AddDecay();
        }

        if (x.requires_grad)
        {
            Values.Close(dx, x.grad, $"dX {when}");
        }

        reference.AssertGradients(model, when);
    }

    /// <summary>The gradients that the model's parameters hold are those added up here.</summary>
    public void AssertGradients(Stack model, string when)
    {
        for (int i = 0; i < Layers.Count; i++)
        {
            StackLayer layer = model.Plan[i];
            Values.Close(Layers[i].WeightGradient, layer.Linear.weight.grad, $"{layer.Name}.weight.grad {when}");
            if (Layers[i].BiasGradient is { } bias)
            {
                Values.Close(bias, layer.Linear.bias!.grad, $"{layer.Name}.bias.grad {when}");
            }
        }
    }
}
