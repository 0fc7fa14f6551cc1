namespace BiMaskGen.Integration.Tests.Reference;

/// <summary>An optimizer on numbers: what torch documents, written out for one array at a time.</summary>
internal abstract class ReferenceOptimizer
{
    /// <summary>The next values of one parameter; its name keys the state.</summary>
    public abstract double[] Next(string parameter, float[] value, double[] gradient);
}

internal sealed class ReferenceSgd(double rate, double momentum, double weightDecay) : ReferenceOptimizer
{
    private readonly Dictionary<string, double[]> _buffers = [];

    public override double[] Next(string parameter, float[] value, double[] gradient)
    {
        bool first = _buffers.TryAdd(parameter, new double[value.Length]);
        double[] buffer = _buffers[parameter], next = new double[value.Length];
        for (int i = 0; i < value.Length; i++)
        {
            double g = gradient[i] + (weightDecay * value[i]);
            buffer[i] = first ? g : (momentum * buffer[i]) + g;
            next[i] = value[i] - (rate * buffer[i]);
        }

        return next;
    }
}

internal sealed class ReferenceAdamW(double rate, double weightDecay, double epsilon) : ReferenceOptimizer
{
    private const double First = 0.9;
    private const double Second = 0.999;
    private readonly Dictionary<string, (double[] Mean, double[] Square, int Steps)> _state = [];

    public override double[] Next(string parameter, float[] value, double[] gradient)
    {
        var (mean, square, steps) = _state.GetValueOrDefault(parameter, (new double[value.Length], new double[value.Length], 0));
        _state[parameter] = (mean, square, ++steps);
        double[] next = new double[value.Length];
        for (int i = 0; i < value.Length; i++)
        {
            mean[i] = (First * mean[i]) + ((1 - First) * gradient[i]);
            square[i] = (Second * square[i]) + ((1 - Second) * gradient[i] * gradient[i]);
            double m = mean[i] / (1 - Math.Pow(First, steps)), v = square[i] / (1 - Math.Pow(Second, steps));
            next[i] = (value[i] * (1 - (rate * weightDecay))) - (rate * m / (Math.Sqrt(v) + epsilon));
        }

        return next;
    }
}
