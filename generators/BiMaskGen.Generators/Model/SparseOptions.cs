using BiMaskGen.Generators.Methods;

namespace BiMaskGen.Generators.Model;

/// <summary>What an <c>[NMSparse]</c> attribute says.</summary>
internal sealed record SparseOptions(
    int N,
    int M,
    string Method,
    double Decay,
    bool DecoupledDecay,
    int PermuteEvery,
    string Search,
    int SearchCandidates,
    bool WarmStart,
    double SearchAbove,
    int Seed,
    bool Mvue,
    string Precision,
    string ConvGrouping,
    ScheduleOptions Schedule)
{
    /// <summary>The largest M that packs, as <c>NMPattern.MaxM</c> has it.</summary>
    public const int MaxM = 32;

    /// <summary>The default method.</summary>
    public const string BiMask = "BiMask";

    /// <summary>The precision of the weights.</summary>
    public const string WeightPrecision = "Weight";

    /// <summary>Groups along the channels of a convolution.</summary>
    public const string Channels = "Channels";

    public bool HasValidPattern => N >= 1 && N < M && M <= MaxM;

    public bool HasKnownMethod => MethodOptions.IsMethod(Method);

    public bool HasValidDecay => Decay >= 0 && !double.IsInfinity(Decay);

    public bool HasValidSearch => Search is "Swap" or "PaperRandom" or "Identity" or "Thorough" or "Weighted";

    public bool HasValidConvGrouping => ConvGrouping is Channels or "Flattened";

    public bool HasValidSearchAbove => SearchAbove is >= 0 and <= 1;

    public bool HasValidPrecision => Precision is WeightPrecision or "BFloat16" or "Float16";

    /// <summary>Whether λ (1 − Mf) ⊙ W is part of the gradient.</summary>
    public bool DecaysGradient => Decay > 0 && !DecoupledDecay && MethodOptions.Knows(Method, nameof(Decay));

    /// <summary>Whether every option but the pattern and the method means something.</summary>
    public bool HasValidOptions =>
        HasValidDecay && HasValidSearch && HasValidSearchAbove && HasValidPrecision && HasValidConvGrouping && PermuteEvery >= 1 && SearchCandidates >= 1 && Schedule.IsValid;

    /// <summary>Whether a layer can be emitted for it; the analyzers say what is wrong otherwise.</summary>
    public bool IsValid => HasValidPattern && HasKnownMethod && HasValidOptions;
}
