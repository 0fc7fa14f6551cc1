using BiMaskGen;
using Digits;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DataParallel;

/// <summary>
/// The same training in one process on the joined batch. It starts every step from the weights of the shared run (one near-tie of two weights
/// that falls the other way would part two free runs), and then must find the same masks and, to rounding, the same loss, gradients and weights.
/// </summary>
internal sealed class JoinedReference : IDisposable
{
    private const double Rounding = 1e-5;

    private readonly SparseMlp _alone = new();
    private readonly SGD _optimizer;
    private double _worst;
    private int _steps, _searches;

    public JoinedReference(double learningRate, double momentum) => _optimizer = optim.SGD(_alone.parameters(), learningRate, momentum);

    /// <summary>What was compared.</summary>
    public string Summary => FormattableString.Invariant(
        $"One process on the joined batch: {_steps} steps, {_searches} permutations found alike, largest difference of loss, gradients and weights {_worst:E1} of the largest value.\n");

    public void Dispose()
    {
        _optimizer.Dispose();
        _alone.Dispose();
    }

    /// <summary>Takes over the weights before a step.</summary>
    public void Take(SparseMlp model)
    {
        using IDisposable off = no_grad();
        foreach ((Parameter own, Parameter other) in _alone.parameters().Zip(model.parameters()))
        {
            own.copy_(other);
        }
    }

    /// <summary>Computes the step's gradients on the joined batch and compares.</summary>
    /// <exception cref="InvalidDataException">They differ.</exception>
    public void CheckGradients(SparseMlp model, DigitSet data, long[] joined, float loss, int step)
    {
        _optimizer.zero_grad();
        float own = Trainer.Backward(_alone, data, joined);
        Close([own], [loss], $"step {step}, loss");
        foreach (((string name, Parameter mine), Parameter shared) in _alone.named_parameters().Zip(model.parameters()))
        {
            Close(mine.grad!.data<float>().ToArray(), shared.grad!.data<float>().ToArray(), $"step {step}, gradient of {name}");
        }

        foreach (((string name, SparseLayer mine), (_, SparseLayer shared)) in _alone.GetSparseLayers().Zip(model.GetSparseLayers()))
        {
            if (mine.Step != shared.Step || !mine.Permutation!.AsSpan().SequenceEqual(shared.Permutation))
            {
                throw new InvalidDataException($"Step {step}: clock or permutation of {name} differ from one process.");
            }

            _searches += mine.Step % mine.Options.PermuteEvery == 0 ? 1 : 0;
        }
    }

    /// <summary>Takes the optimizer's step alone and compares the weights.</summary>
    /// <exception cref="InvalidDataException">They differ.</exception>
    public void CheckWeights(SparseMlp model, int step)
    {
        _optimizer.step();
        _steps++;
        foreach (((string name, Parameter mine), Parameter shared) in _alone.named_parameters().Zip(model.parameters()))
        {
            Close(mine.data<float>().ToArray(), shared.data<float>().ToArray(), $"step {step}, {name}");
        }
    }

    private void Close(float[] expected, float[] actual, string what)
    {
        double largest = expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
        {
            double difference = Math.Abs((double)expected[i] - actual[i]);
            if (!(difference <= Rounding * largest))
            {
                throw new InvalidDataException(FormattableString.Invariant($"{what}: {actual[i]:R} at {i}, one process has {expected[i]:R}."));
            }

            _worst = largest > 0 ? Math.Max(_worst, difference / largest) : _worst;
        }
    }
}
