namespace BiMaskGen.Training.Methods;

/// <summary>The clock's part of a layer's training: dense at first, then its method, dense at last.</summary>
/// <param name="method">The method.</param>
/// <param name="options">What the generator baked in.</param>
internal sealed class TrainingSchedule(TrainingMethod method, SparseLayerOptions options)
{
    /// <summary>Optimizer steps of the run, if somebody said it.</summary>
    public long? TotalSteps { get; set; } = options.TotalSteps;

    /// <summary>A share of a number of steps, rounded to whole steps.</summary>
    public static long Steps(double share, long steps) => (long)Math.Round(share * steps, MidpointRounding.AwayFromZero);

    /// <summary>What the layer goes through at a step of its clock.</summary>
    /// <exception cref="NMSparseException">That depends on the length of the run, which nobody said.</exception>
    public MaskForm At(long step)
    {
        if (!method.NeedsTotalSteps && options.DenseFirst == 0 && options.DenseLast == 0)
        {
            return method.At(step, TotalSteps ?? 0);
        }

        long total = TotalSteps
            ?? throw new NMSparseException($"{options.Name}: the schedule of {Wanting()} depends on the length of the run: write TotalSteps on the attribute, or call model.SetTotalSteps(steps) before the first forward.");
        long first = Steps(options.DenseFirst, total), last = Steps(options.DenseLast, total);
        return step < first || (last > 0 && step >= total - last) ? MaskForm.Dense : method.At(step - first, Math.Max(1, total - first - last));
    }

    private string Wanting() => method.NeedsTotalSteps ? options.Method.ToString() : options.DenseFirst > 0 ? "DenseFirst" : "DenseLast";
}
