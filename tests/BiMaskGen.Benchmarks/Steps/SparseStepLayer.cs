using BiMaskGen.Benchmarks.Contenders;
using BiMaskGen.Benchmarks.Machine;
using BiMaskGen.Kernels;
using BiMaskGen.Patterns;
using BiMaskGen.Training;

namespace BiMaskGen.Benchmarks.Steps;

/// <summary>
/// A sparse layer by the very calls that emitted code makes, so that all a user pays for is in: fingerprint and check of the weights,
/// masks, packing, the decay of pruned weights, and the permutation search every ΔT steps (which a median of steps does not show).
/// </summary>
internal sealed class SparseStepLayer(SparseLayerOptions options, Matrix weight, Matrix bias) : StepLayer
{
    private readonly SparseLinear _layer = PatternTypes.Dispatch<Maker, SparseLinear>(options.Pattern, new Maker(options, weight));
    private LinearCall? _call;

    private LinearCall Call => _call ?? throw new InvalidOperationException("The step has not begun.");

    internal override void Begin(int rows, Activation activation) =>
        _call = _layer.Begin(weight.View, rows, training: true, wantsInputGradient: true, activation);

    internal override void Forward(Matrix x, Activation activation, Matrix y, Matrix? z) =>
        _layer.Forward(Call, x.View, bias.View, y.View, z?.View ?? default);

    internal override void BackwardInput(Matrix g, Matrix dx) => _layer.BackwardInput(Call, g.View, dx.View);

    internal override void BackwardWeight(Matrix g, Matrix x, Matrix dw) => _layer.BackwardWeight(Call, g.View, x.View, weight.View, dw.View);

    internal override void End() => _layer.End(Call);

    /// <summary>W⊙Mf, W⊙Mb, and what the decay adds to dW, by plain arithmetic on the masks.</summary>
    internal (Matrix Forward, Matrix Backward, Matrix Decay) MaskedWeights()
    {
        Matrix forward = new(weight.Rows, weight.Columns), backward = new(weight.Rows, weight.Columns), decay = new(weight.Rows, weight.Columns);
        _layer.WriteMasks(weight.View, training: true, forward.View, backward.View);
        Span<float> w = weight.Span, f = forward.Span, b = backward.Span, d = decay.Span;
        for (int i = 0; i < w.Length; i++)
        {
            d[i] = (float)options.Decay * (1 - f[i]) * w[i];
            f[i] *= w[i];
            b[i] *= w[i];
        }

        return (forward, backward, decay);
    }

    private readonly struct Maker(SparseLayerOptions options, Matrix weight) : IPatternBody<SparseLinear>
    {
        public SparseLinear Run<TPattern>()
            where TPattern : struct, INMPattern => new SparseLinear<TPattern>(options, weight.Rows, weight.Columns);
    }
}
