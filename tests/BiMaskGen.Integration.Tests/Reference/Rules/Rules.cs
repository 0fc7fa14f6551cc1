namespace BiMaskGen.Integration.Tests.Reference.Rules;

/// <summary>No mask at all.</summary>
internal sealed class DenseRule : ReferenceRule
{
    public override ReferenceOperands At(ReferenceWeight weight, long step) =>
        new(Array.ConvertAll(weight.Values, w => (double)w), Array.ConvertAll(weight.Values, _ => true));
}

/// <summary>W⊙Mf in both directions, with SR-STE's decay if there is one.</summary>
internal sealed class SteRule(int n, int m, double decay = 0) : ReferenceRule
{
    public override ReferenceOperands At(ReferenceWeight weight, long step)
    {
        bool[] mask = weight.Top(n, m);
        return new ReferenceOperands(weight.Under(mask), mask).Decaying(weight, decay);
    }
}

/// <summary>Backward prunes the weight itself along out_features.</summary>
internal sealed class BdwpRule(int n, int m) : ReferenceRule
{
    public override ReferenceOperands At(ReferenceWeight weight, long step)
    {
        bool[] forward = weight.Top(n, m), backward = weight.TopDown(Array.ConvertAll(forward, _ => true), n, m);
        return new ReferenceOperands(weight.Under(forward), weight.Under(backward), forward, backward);
    }
}

/// <summary>A mask from the first step on, or made anew where the step passes a multiple of the period.</summary>
internal sealed class KeptMask(int every, Func<ReferenceWeight, bool[]> make)
{
    private bool[]? _mask;
    private long _madeAt;

    public bool[] At(ReferenceWeight weight, long step)
    {
        if (_mask is null || (every > 0 && step % every == 0 && step != _madeAt))
        {
            (_mask, _madeAt) = (make(weight), step);
        }

        return _mask;
    }
}

/// <summary>Double pruning: the gradient and backward know only what the kept mask keeps.</summary>
internal sealed class DoublePrunedRule(int n, int m, int every) : ReferenceRule
{
    private readonly KeptMask _mask = new(every, weight => weight.Top(n, m));

    public override ReferenceOperands At(ReferenceWeight weight, long step)
    {
        bool[] forward = _mask.At(weight, step), backward = weight.TopDown(forward, n, m);
        return new ReferenceOperands(weight.Under(forward), weight.Under(backward), forward, backward)
        {
            GradientFactor = Array.ConvertAll(forward, kept => kept ? 1.0 : 0),
        };
    }
}

/// <summary>One mask for both axes of every block.</summary>
internal sealed class TransposableRule(int n, int m, double decay, int every) : ReferenceRule
{
    private readonly KeptMask _mask = new(every, weight => ReferenceBlocks.Mask(weight, n, m));

    public override ReferenceOperands At(ReferenceWeight weight, long step)
    {
        bool[] mask = _mask.At(weight, step);
        return new ReferenceOperands(weight.Under(mask), mask).Decaying(weight, decay);
    }
}

/// <summary>Pruned weights times β of the step; the gradient likewise, or not.</summary>
internal sealed class MaskDecayRule(int n, int m, Func<long, double> remains, bool maskGradient = true) : ReferenceRule
{
    public override ReferenceOperands At(ReferenceWeight weight, long step)
    {
        bool[] mask = weight.Top(n, m);
        double beta = remains(step);
        return new ReferenceOperands(weight.Under(mask, beta), mask)
        {
            GradientFactor = maskGradient ? Array.ConvertAll(mask, kept => kept ? 1 : beta) : null,
        };
    }
}

/// <summary>The pattern of the step.</summary>
internal sealed class StructureDecayRule(Func<long, (int N, int M)> pattern) : ReferenceRule
{
    public override ReferenceOperands At(ReferenceWeight weight, long step) => new SteRule(pattern(step).N, pattern(step).M).At(weight, step);
}

/// <summary>The soft threshold at the second smallest of four, times a scale that is fixed at the first use.</summary>
internal sealed class ContinuousRule : ReferenceRule
{
    private double? _scale;

    public override ReferenceOperands At(ReferenceWeight weight, long step)
    {
        double[] soft = new double[weight.Values.Length];
        for (int row = 0; row < weight.Rows; row++)
        {
            for (int start = 0; start < weight.Columns; start += 4)
            {
                int[] group = [.. Enumerable.Range((row * weight.Columns) + start, Math.Min(4, weight.Columns - start))];
                double[] sizes = [.. group.Select(i => (double)Math.Abs(weight.Values[i])).Order()];
                double threshold = sizes.Length > 2 ? sizes[^3] : 0;
                foreach (int i in group)
                {
                    soft[i] = Math.Sign(weight.Values[i]) * Math.Max(Math.Abs(weight.Values[i]) - threshold, 0);
                }
            }
        }

        double scale = _scale ??= weight.Values.Zip(soft, (w, s) => w * s).Sum() / soft.Sum(s => s * s);
        return new ReferenceOperands(Array.ConvertAll(soft, s => scale * s), weight.Top(2, 4));
    }
}

/// <summary>Dense for the first and the last steps of a run; the rule between counts from its own start, as far as its schedule goes.</summary>
internal sealed class DenseAround(long first, long end, ReferenceRule rule) : ReferenceRule
{
    public override ReferenceOperands At(ReferenceWeight weight, long step) =>
        step < first || step >= end ? new DenseRule().At(weight, step) : rule.At(weight, step);
}
