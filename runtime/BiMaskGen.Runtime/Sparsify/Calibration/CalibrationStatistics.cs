using System.Globalization;

namespace BiMaskGen.Sparsify;

/// <summary>
/// What a layer saw on calibration data, in double precision: Σ x² of every input feature, and X Xᵀ if <see cref="PruningMethod.SparseGpt"/>
/// is to use it. Fed with inputs in pieces of any size, or made from statistics that someone else has taken.
/// </summary>
public sealed class CalibrationStatistics
{
    private readonly double[] _sumOfSquares;
    private readonly double[]? _gram;

    /// <summary>Starts with no samples.</summary>
    /// <param name="layer">The layer's name, for errors.</param>
    /// <param name="inFeatures">Length of an input.</param>
    /// <param name="withGram">Whether to keep X Xᵀ too: in_features² doubles.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="inFeatures"/> is less than 1.</exception>
    public CalibrationStatistics(string layer, int inFeatures, bool withGram)
    {
        ArgumentException.ThrowIfNullOrEmpty(layer);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inFeatures);
        Layer = layer;
        InFeatures = inFeatures;
        _sumOfSquares = new double[inFeatures];
        _gram = withGram ? new double[checked((long)inFeatures * inFeatures)] : null;
    }

    /// <summary>The layer's name.</summary>
    public string Layer { get; }

    /// <summary>Length of an input.</summary>
    public int InFeatures { get; }

    /// <summary>Inputs seen; 0 where the statistics came ready-made.</summary>
    public long Samples { get; private set; }

    /// <summary>Whether X Xᵀ is there.</summary>
    public bool HasGram => _gram is not null;

    /// <summary>Σ x² of every feature.</summary>
    public ReadOnlySpan<double> SumOfSquares => _sumOfSquares;

    /// <summary>X Xᵀ, [in_features, in_features]; only the entries on and above the diagonal are set. Empty without it.</summary>
    internal ReadOnlySpan<double> Gram => _gram;

    /// <summary>Statistics from Σ x² of every feature, enough for <see cref="PruningMethod.Wanda"/>.</summary>
    /// <param name="layer">The layer's name, for errors.</param>
    /// <param name="sumOfSquares">One number per feature.</param>
    /// <returns>The statistics.</returns>
    /// <exception cref="NMSparseCalibrationException">A number is negative, NaN or infinite.</exception>
    public static CalibrationStatistics FromSumOfSquares(string layer, ReadOnlySpan<float> sumOfSquares)
    {
        var statistics = new CalibrationStatistics(layer, sumOfSquares.Length, withGram: false);
        for (int i = 0; i < sumOfSquares.Length; i++)
        {
            statistics.SetSquare(i, sumOfSquares[i]);
        }

        return statistics;
    }

    /// <summary>Statistics from X Xᵀ, enough for every method.</summary>
    /// <param name="layer">The layer's name, for errors.</param>
    /// <param name="gram">[inFeatures, inFeatures], symmetric; a mean over samples does as well as a sum.</param>
    /// <param name="inFeatures">Length of an input.</param>
    /// <returns>The statistics.</returns>
    /// <exception cref="NMSparseCalibrationException">The matrix is of another size, not finite, not symmetric, or has a negative diagonal.</exception>
    public static CalibrationStatistics FromGram(string layer, ReadOnlySpan<float> gram, int inFeatures)
    {
        var statistics = new CalibrationStatistics(layer, inFeatures, withGram: true);
        if (gram.Length != (long)inFeatures * inFeatures)
        {
            throw new NMSparseCalibrationException(
                layer, $"X Xᵀ has {gram.Length} entries; [{inFeatures}, {inFeatures}] was expected, one row per input feature.");
        }

        for (int i = 0; i < inFeatures; i++)
        {
            statistics.SetSquare(i, gram[(i * inFeatures) + i]);
        }

        for (int i = 0; i < inFeatures; i++)
        {
            statistics.SetGramRow(i, gram);
        }

        return statistics;
    }

    /// <summary>Adds inputs.</summary>
    /// <param name="inputs">Row-major [samples, in_features], finite.</param>
    /// <exception cref="NMSparseCalibrationException">The length is no multiple of in_features, or a value is NaN or infinite.</exception>
    public void Add(ReadOnlySpan<float> inputs)
    {
        if (inputs.Length % InFeatures != 0)
        {
            throw new NMSparseCalibrationException(
                Layer, $"the inputs have {inputs.Length} entries, which is no multiple of the {InFeatures} input features.");
        }

        int bad = Masks.WeightCheck.FirstNonFinite(inputs);
        if (bad >= 0)
        {
            throw new NMSparseCalibrationException(
                Layer, Text($"input {bad / InFeatures} is {inputs[bad]} at feature {bad % InFeatures}; leave such samples out."));
        }

        int samples = inputs.Length / InFeatures;
        if (_gram is null)
        {
            AddSquares(inputs);
        }
        else
        {
            GramAccumulator.Add(inputs, samples, InFeatures, _gram);
            for (int i = 0; i < InFeatures; i++)
            {
                _sumOfSquares[i] = _gram[((long)i * InFeatures) + i];
            }
        }

        Samples += samples;
    }

    private void AddSquares(ReadOnlySpan<float> inputs)
    {
        for (int first = 0; first < inputs.Length; first += InFeatures)
        {
            for (int i = 0; i < InFeatures; i++)
            {
                double x = inputs[first + i];
                _sumOfSquares[i] += x * x;
            }
        }
    }

    private void SetSquare(int feature, float value)
    {
        if (!(value >= 0) || float.IsInfinity(value))
        {
            throw new NMSparseCalibrationException(
                Layer, Text($"Σ x² of feature {feature} is {value}; a sum of squares is finite and not negative."));
        }

        _sumOfSquares[feature] = value;
    }

    private void SetGramRow(int i, ReadOnlySpan<float> gram)
    {
        const double Rounding = 1e-3;
        for (int j = i; j < InFeatures; j++)
        {
            double value = gram[(i * InFeatures) + j], mirrored = gram[(j * InFeatures) + i];
            // Cauchy–Schwarz bounds an entry, and so what rounding may make of it.
            double limit = Math.Sqrt(_sumOfSquares[i] * _sumOfSquares[j]);
            if (!(Math.Abs(value) <= limit * (1 + Rounding)) || !(Math.Abs(value - mirrored) <= limit * Rounding))
            {
                throw new NMSparseCalibrationException(
                    Layer, Text($"X Xᵀ holds {value} at [{i}, {j}] and {mirrored} at [{j}, {i}] between {_sumOfSquares[i]} and {_sumOfSquares[j]} on the diagonal: that is no X Xᵀ."));
            }

            _gram![((long)i * InFeatures) + j] = value;
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
