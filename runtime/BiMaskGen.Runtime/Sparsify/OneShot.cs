using System.Globalization;
using BiMaskGen.Masks;
using BiMaskGen.Permutations;

namespace BiMaskGen.Sparsify;

/// <summary>
/// Makes a trained layer N:M sparse in one go: a dense weight goes in, the forward mask, the row permutation of Bi-Mask and, if asked for, an
/// order of the input channels come out. The result is the same for every number of threads. Memory is that of the one layer at hand: its mask, its scores
/// unless the method is <see cref="PruningMethod.Magnitude"/>, two bytes a weight more for each of two tables while channels are searched, and
/// 8 · in_features² bytes beside X Xᵀ for <see cref="PruningMethod.SparseGpt"/>.
/// </summary>
public static class OneShot
{
    /// <summary>Sparsifies a layer.</summary>
    /// <param name="layer">The layer's name, for errors.</param>
    /// <param name="weight">W, row-major [out_features, in_features].</param>
    /// <param name="outFeatures">Rows of W.</param>
    /// <param name="inFeatures">Columns of W.</param>
    /// <param name="options">Pattern, method and searches.</param>
    /// <param name="calibration">What the layer saw; needed unless the method is <see cref="PruningMethod.Magnitude"/>.</param>
    /// <returns>The sparse layer.</returns>
    /// <exception cref="NMSparseShapeException">The weight is not [out_features, in_features].</exception>
    /// <exception cref="NMSparseValueException">A weight is NaN or infinite.</exception>
    /// <exception cref="NMSparseCalibrationException">The method needs statistics that are missing or do not fit.</exception>
    /// <exception cref="NMSparsePatternException">The pattern is <c>default</c>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public static SparsifiedLayer Sparsify(
        string layer,
        ReadOnlySpan<float> weight,
        int outFeatures,
        int inFeatures,
        OneShotOptions options,
        CalibrationStatistics? calibration = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(layer);
        ArgumentNullException.ThrowIfNull(options);
        MaskArguments.CheckPattern(options.Pattern);
        CheckShape(layer, weight, outFeatures, inFeatures);
        CheckCalibration(layer, inFeatures, options, calibration);

        var mask = new NMMask(outFeatures, inFeatures);
        ChannelOrder? channels = null;
        float[]? updated = null;
        if (options.Method == PruningMethod.Magnitude)
        {
            channels = Order(layer, weight, weight, mask, options);
            Mask(layer, weight, weight, mask, options.Pattern, channels);
        }
        else
        {
            CheckFinite(layer, weight);
            bool needsScores = options.Method == PruningMethod.Wanda || options.Channels is not null;
            float[] scores = needsScores ? WandaScores.Of(weight, inFeatures, calibration!.SumOfSquares) : [];
            channels = Order(layer, weight, scores, mask, options);
            if (options.Method == PruningMethod.Wanda)
            {
                Mask(layer, weight, scores, mask, options.Pattern, channels);
            }
            else
            {
                updated = SecondOrder(layer, weight, mask, options, calibration!, channels);
            }
        }

        PermutationResult rows = RowPermutation.Find(mask, updated ?? weight, options.Pattern, options.Rows);
        (double all, double kept) = MagnitudeSums.Of(weight, mask);
        var shares = new KeptShares(Share(kept, all), Share(rows.Kept, rows.ForwardKept), Share(rows.IdentityKept, rows.ForwardKept));
        return new SparsifiedLayer(options.Pattern, options.Method, mask, rows, channels, updated, shares);
    }

    private static ChannelOrder? Order(
        string layer, ReadOnlySpan<float> weight, ReadOnlySpan<float> scores, NMMask mask, OneShotOptions options)
    {
        if (options.Channels is not ChannelSearchOptions search)
        {
            return null;
        }

        CheckFinite(layer, weight);
        ChannelOrder found = ChannelPermutation.Find(scores, mask.Rows, mask.Columns, options.Pattern, search);
        return found.IsIdentity ? null : found;
    }

    private static void Mask(
        string layer, ReadOnlySpan<float> weight, ReadOnlySpan<float> scores, NMMask mask, NMPattern pattern, ChannelOrder? channels)
    {
        if (channels is not null)
        {
            OrderedMask.Compute(pattern, scores, channels.Order, mask);
        }
        else if (!MaskPass.Run(pattern, scores, [], mask, null))
        {
            CheckFinite(layer, weight);
        }
    }

    private static float[] SecondOrder(
        string layer, ReadOnlySpan<float> weight, NMMask mask, OneShotOptions options, CalibrationStatistics calibration, ChannelOrder? channels)
    {
        int[] order = channels?.Order ?? RowPermutation.Identity(mask.Columns);
        using InverseFactor? factor = InverseFactor.TryCreate(calibration.Gram, order, options.Damping);
        if (factor is null)
        {
            throw new NMSparseCalibrationException(
                layer, Text($"X Xᵀ + λ I is not positive definite at a damping of {options.Damping}; raise the damping, or check X Xᵀ."));
        }

        float[] updated = SparseGptSolver.Prune(options.Pattern, weight, order, factor, mask);
        int bad = WeightCheck.FirstNonFinite(updated);
        return bad < 0 ? updated : throw new NMSparseCalibrationException(
            layer, Text($"row {bad / mask.Columns} grew beyond float32 while it made up for pruned weights; raise the damping of {options.Damping}."));
    }

    private static void CheckShape(string layer, ReadOnlySpan<float> weight, int outFeatures, int inFeatures)
    {
        if (outFeatures < 0 || inFeatures < 0 || weight.Length != (long)outFeatures * inFeatures)
        {
            throw new NMSparseShapeException(
                layer, $"the weight has {weight.Length} entries; out_features x in_features, [{outFeatures}, {inFeatures}], was expected.");
        }
    }

    private static void CheckCalibration(string layer, int inFeatures, OneShotOptions options, CalibrationStatistics? calibration)
    {
        if (!Enum.IsDefined(options.Method))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Method, "No such pruning method.");
        }

        if (!(options.Damping > 0) || double.IsInfinity(options.Damping))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Damping, "The damping is a finite number above 0.");
        }

        if (options.Method == PruningMethod.Magnitude)
        {
            return;
        }

        if (calibration is null)
        {
            throw new NMSparseCalibrationException(layer, $"{options.Method} needs calibration data; give the layer's inputs, or prune by Magnitude.");
        }

        if (calibration.InFeatures != inFeatures)
        {
            throw new NMSparseCalibrationException(
                layer, $"the calibration data of '{calibration.Layer}' has {calibration.InFeatures} features, the layer {inFeatures}.");
        }

        if (options.Method == PruningMethod.SparseGpt && !calibration.HasGram)
        {
            throw new NMSparseCalibrationException(
                layer, "SparseGpt needs X Xᵀ, and the calibration data holds Σ x² alone; give the inputs or X Xᵀ, or prune by Wanda.");
        }
    }

    private static void CheckFinite(string layer, ReadOnlySpan<float> weight)
    {
        int bad = WeightCheck.FirstNonFinite(weight);
        if (bad >= 0)
        {
            throw new NMSparseValueException(layer, Text($"the weight is {weight[bad]} at entry {bad}; no mask can be made from it."));
        }
    }

    private static double Share(double part, double whole) => whole > 0 ? part / whole : 1;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
