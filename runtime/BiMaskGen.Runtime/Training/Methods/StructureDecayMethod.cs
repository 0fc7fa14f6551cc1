using BiMaskGen.Masks;

namespace BiMaskGen.Training.Methods;

/// <summary>SdGf: W⊙Mf, the pattern of Mf narrowing to N:M in frames of equal length.</summary>
internal sealed class StructureDecayMethod : TrainingMethod
{
    private readonly MaskForm[] _frames;

    public StructureDecayMethod(SparseLayerOptions options) : base(options) => _frames =
        [.. (options.StructureCurve == StructureCurve.Geometric ? Geometric(options.Pattern) : Stepwise(options.Pattern)).Select(f => new MaskForm(f.N, f.M, 0))];

    public override bool NeedsTotalSteps => true;

    public override MaskForm At(long step, long steps) => _frames[(int)Math.Min(_frames.Length - 1, step * _frames.Length / steps)];

    public override bool MakeForward(ReadOnlySpan<float> weight, MaskForm form, NMMask forward) => NMPattern.IsValid(form.N, form.M)
        ? MaskPass.Run(new NMPattern(form.N, form.M), weight, default, forward, null)
        : WideMask.Run(form.N, form.M, weight, forward);

    private static IEnumerable<(int N, int M)> Geometric(NMPattern pattern) =>
        ((int[])[8, 4, 2, 1]).Select(factor => (factor * pattern.N, factor * pattern.M));

    // 1:2 begins where it ends: its frames are one and the same.
    private static IEnumerable<(int N, int M)> Stepwise(NMPattern pattern)
    {
        (int n, int m) = (pattern.N, pattern.M);
        yield return (m - 1, m);
        if (m % n == 0 && int.IsPow2(m / n))
        {
            for (int kept = m / 2; kept >= n; kept /= 2)
            {
                yield return (kept, m);
            }
        }
        else
        {
            for (int kept = m - 2; kept >= n; kept--)
            {
                yield return (kept, m);
            }
        }
    }
}
