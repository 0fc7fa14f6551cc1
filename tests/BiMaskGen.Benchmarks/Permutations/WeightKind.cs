namespace BiMaskGen.Benchmarks.Permutations;

/// <summary>Weights to search on.</summary>
internal enum WeightKind
{
    /// <summary>Independent normal numbers.</summary>
    Gaussian,

    /// <summary>Gaussian, each column with a scale of its own.</summary>
    ColumnScales,

    /// <summary>A product of low rank and some noise.</summary>
    LowRank,

    /// <summary>Neighbouring rows are alike.</summary>
    CorrelatedRows,
}
