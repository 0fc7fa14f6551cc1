namespace BiMaskGen.Generators.Model;

/// <summary>What an <c>[NMSparse]</c> attribute says of what moves with the training step.</summary>
/// <param name="TotalSteps">Steps of the run, or null where the attribute does not say it.</param>
/// <param name="DenseFirst">Share of the run that is dense at its start.</param>
/// <param name="DenseLast">Share of the run that is dense at its end.</param>
/// <param name="RefreshEvery">Steps between two refreshes of a mask that is kept; 0 for never.</param>
/// <param name="MaskCurve">How β falls.</param>
/// <param name="MaskRate">c of the curve.</param>
/// <param name="MaskShare">Share of the steps in which β falls; 0 for none.</param>
/// <param name="MaskGradient">Whether mask decay masks the gradient.</param>
/// <param name="StructureCurve">Through which patterns structure decay narrows.</param>
internal sealed record ScheduleOptions(
    long? TotalSteps,
    double DenseFirst,
    double DenseLast,
    int RefreshEvery,
    string MaskCurve,
    double MaskRate,
    double MaskShare,
    bool MaskGradient,
    string StructureCurve)
{
    public bool HasValidTotal => TotalSteps is null or >= 1;

    public bool HasValidDenseFirst => IsShare(DenseFirst) && DenseFirst < 1;

    /// <summary>The two dense phases have to leave something between them.</summary>
    public bool HasValidDenseLast => IsShare(DenseLast) && DenseLast < 1 && (!HasValidDenseFirst || DenseFirst + DenseLast < 1);

    public bool HasValidRefresh => RefreshEvery >= 0;

    public bool HasValidMaskCurve => MaskCurve is "Linear" or "Exponential";

    public bool HasValidMaskRate => MaskRate > 0 && !double.IsInfinity(MaskRate);

    public bool HasValidMaskShare => IsShare(MaskShare);

    public bool HasValidStructureCurve => StructureCurve is "Stepwise" or "Geometric";

    public bool IsValid => HasValidTotal && HasValidDenseFirst && HasValidDenseLast && HasValidRefresh
        && HasValidMaskCurve && HasValidMaskRate && HasValidMaskShare && HasValidStructureCurve;

    private static bool IsShare(double value) => value is >= 0 and <= 1;
}
