using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Reference.Rules;

namespace BiMaskGen.Integration.Tests.Reference;

/// <summary>
/// One layer as the definition of its method says, in plain loops and double precision, on the weights that the layer holds when this is
/// made. Bi-Mask: y = act(x (W⊙Mf)ᵀ + b), dX = g (W⊙Mb), dW = gᵀx + λ(1−Mf)⊙W, db = Σ g.
/// </summary>
internal sealed class ReferenceLinear
{
    private readonly StackLayer _layer;
    private readonly float[]? _bias;
    private double[] _x = [];
    private double[] _z = [];

    /// <param name="layer">The layer.</param>
    /// <param name="permutation">Its π; null for the forward alone, a dense layer, or a method without one.</param>
    /// <param name="step">Its step, for methods that depend on it.</param>
    public ReferenceLinear(StackLayer layer, int[]? permutation, long step = 0)
    {
        _layer = layer;
        Weight = Values.Of(layer.Linear.weight);
        _bias = layer.Linear.bias is { } bias ? Values.Of(bias) : null;
        Out = (int)layer.Linear.weight.shape[0];
        In = (int)layer.Linear.weight.shape[1];
        ReferenceRule rule = layer.Rule ?? (layer.M == 0 ? new DenseRule() : new BiMaskRule(layer.N, layer.M, layer.Decay, permutation));
        Operands = rule.At(new ReferenceWeight(Weight, Out, In), step);
        WeightGradient = new double[Weight.Length];
        BiasGradient = _bias is null ? null : new double[Out];
    }

    public int Out { get; }

    public int In { get; }

    public float[] Weight { get; }

    public float[]? Bias => _bias;

    public ReferenceOperands Operands { get; }

    public double[] WeightGradient { get; }

    public double[]? BiasGradient { get; }

    /// <summary>Whether some input of a relu lay so near to zero that rounding decides its derivative.</summary>
    public bool Undecided { get; private set; }

    public double[] Forward(double[] x, int rows)
    {
        _x = x;
        _z = new double[rows * Out];
        for (int r = 0; r < rows; r++)
        {
            for (int o = 0; o < Out; o++)
            {
                double sum = _bias is null ? 0 : _bias[o];
                for (int i = 0; i < In; i++)
                {
                    sum += x[(r * In) + i] * Operands.Forward[(o * In) + i];
                }

                _z[(r * Out) + o] = sum;
            }
        }

        if (_layer.Activation == Act.Relu)
        {
            double near = 2e-6 * _z.Select(Math.Abs).DefaultIfEmpty(0).Max();
            Undecided |= _z.Any(z => Math.Abs(z) <= near);
        }

        return Array.ConvertAll(_z, z => _layer.Activation switch { Act.Relu => Math.Max(z, 0), Act.Gelu => Gelu.Value(z), Act.Silu => Silu.Value(z), _ => z });
    }

    /// <summary>Adds to the gradients of weight and bias; dX.</summary>
    public double[] Backward(double[] g, int rows)
    {
        if (Operands.Backward.Length == 0)
        {
            throw new InvalidOperationException($"{_layer.Name} has no permutation yet.");
        }

        var dx = new double[rows * In];
        for (int r = 0; r < rows; r++)
        {
            for (int o = 0; o < Out; o++)
            {
                double before = g[(r * Out) + o] * Derivative(_z[(r * Out) + o]);
                BiasGradient?[o] += before;
                for (int i = 0; i < In; i++)
                {
                    WeightGradient[(o * In) + i] += before * _x[(r * In) + i] * (Operands.GradientFactor?[(o * In) + i] ?? 1);
                    dx[(r * In) + i] += before * Operands.Backward[(o * In) + i];
                }
            }
        }

        return dx;
    }

    /// <summary>Adds λ(1−Mf)⊙W, where the method does: once per step of the optimizer.</summary>
    public void AddDecay()
    {
        for (int i = 0; i < Weight.Length; i++)
        {
            WeightGradient[i] += Operands.DecayTerm?[i] ?? 0;
        }
    }

    private double Derivative(double z) => _layer.Activation switch
    {
        Act.Relu => z > 0 ? 1 : 0,
        Act.Gelu => Gelu.Derivative(z),
        Act.Silu => Silu.Derivative(z),
        _ => 1,
    };
}
