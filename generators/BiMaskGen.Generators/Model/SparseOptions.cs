namespace BiMaskGen.Generators.Model;

/// <summary>What an <c>[NMSparse]</c> attribute says.</summary>
internal sealed record SparseOptions(
    int N, int M, string Method, double Decay, int PermuteEvery, string Search, int SearchCandidates, int Seed, bool Mvue)
{
    /// <summary>The largest M that packs, as <c>NMPattern.MaxM</c> has it.</summary>
    public const int MaxM = 32;

    /// <summary>The training method that has landed.</summary>
    public const string BiMask = "BiMask";

    public bool HasValidPattern => N >= 1 && N < M && M <= MaxM;

    public bool HasLandedMethod => Method == BiMask;

    public bool HasValidDecay => Decay >= 0 && !double.IsInfinity(Decay);

    public bool HasValidSearch => Search is "Swap" or "PaperRandom" or "Identity" or "Thorough";

    /// <summary>Whether every option but the pattern and the method means something.</summary>
    public bool HasValidOptions => HasValidDecay && HasValidSearch && PermuteEvery >= 1 && SearchCandidates >= 1;

    /// <summary>Whether a layer can be emitted for it; the analyzers say what is wrong otherwise.</summary>
    public bool IsValid => HasValidPattern && HasLandedMethod && HasValidOptions;
}
