using BiMaskGen.Masks;

namespace BiMaskGen.Reports;

/// <summary>A copy of a layer's masks, to be drawn.</summary>
/// <param name="Forward">Mf of the weights last used.</param>
/// <param name="Backward">Mb; the same as <paramref name="Forward"/> where both directions have one mask, null before there is one.</param>
internal sealed record LayerMasks(NMMask Forward, NMMask? Backward);
