using System.Globalization;
using BiMaskGen.Benchmarks.Machine;

namespace BiMaskGen.Benchmarks.Works;

/// <summary>Holds the mean of random results to a reference, by their errors as vectors.</summary>
/// <param name="reference">What the results are on average.</param>
internal sealed class MeanComparison(Matrix reference)
{
    private readonly double[] _errors = new double[reference.Count];
    private readonly List<double> _slopes = [];
    private double _squares;

    internal void Add(Matrix result)
    {
        ReadOnlySpan<float> values = result.Span, expected = reference.Span;
        double along = 0, size = 0;
        for (int i = 0; i < _errors.Length; i++)
        {
            double error = (double)values[i] - expected[i];
            _errors[i] += error;
            _squares += error * error;
            along += error * expected[i];
            size += (double)expected[i] * expected[i];
        }

        _slopes.Add(along / size);
    }

    /// <exception cref="InvalidDataException">The mean lies elsewhere, or the results do not vary.</exception>
    internal void Require(string what)
    {
        // Independent errors without a mean: their average has a K-th of the square of one, and along the reference they cancel.
        double shrunk = _errors.Sum(e => e * e) / _squares;
        double slope = _slopes.Average(), sigma = Math.Sqrt(_slopes.Sum(s => (s - slope) * (s - slope)) / (_slopes.Count - 1) / _slopes.Count);
        if (!(_squares > 0 && shrunk < 1.5 && Math.Abs(slope) <= 5 * sigma))
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"{what} is not the dense product in the mean: {slope:p2} ± {sigma:p2} off along it, {shrunk:f2} of the error that independent draws leave."));
        }
    }
}
