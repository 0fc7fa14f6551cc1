namespace BiMaskGen.Training.Methods;

/// <summary>MdGf: W⊙(Mf + β(1−Mf)) with β falling from 1, and the gradient likewise.</summary>
internal sealed class MaskDecayMethod(SparseLayerOptions options) : TrainingMethod(options)
{
    // An exponential never ends; where a share of the run says when it has to, this much is left to jump.
    private const double LeftOver = 1e-3;

    public override bool NeedsTotalSteps => Options.MaskShare > 0;

    public override bool MasksGradient => Options.MaskGradient;

    public override MaskForm At(long step, long steps) => MaskForm.Of(Pattern) with { Pruned = (float)Remains(step, steps) };

    private double Remains(long step, long steps)
    {
        bool exponential = Options.MaskCurve == MaskCurve.Exponential;
        double rate = Options.MaskRate;
        if (Options.MaskShare > 0)
        {
            long end = TrainingSchedule.Steps(Options.MaskShare, steps);
            if (step >= end)
            {
                return 0;
            }

            rate = (exponential ? -Math.Log(LeftOver) : 1) / end;
        }

        return exponential ? Math.Exp(-rate * step) : Math.Max(0, 1 - (rate * step));
    }
}
