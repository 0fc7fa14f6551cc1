namespace BiMaskGen.Patterns;

/// <summary>Code that wants a pattern as a type.</summary>
/// <typeparam name="TResult">What it makes.</typeparam>
internal interface IPatternBody<out TResult>
{
    /// <summary>Runs with the pattern.</summary>
    TResult Run<TPattern>()
        where TPattern : struct, INMPattern;
}

/// <summary>From a pattern known at run time to the type that masks and kernels are specialised for; emitted code has the type already.</summary>
internal static class PatternTypes
{
    /// <summary>The patterns that have a type here.</summary>
    internal static readonly NMPattern[] BuiltIn =
        [new(1, 2), new(1, 4), new(2, 4), new(1, 8), new(2, 8), new(4, 8), new(1, 16), new(2, 16), new(1, 32)];

    /// <summary>Runs code with the type of a pattern.</summary>
    /// <exception cref="NMSparseException">The runtime has no type for the pattern.</exception>
    internal static TResult Dispatch<TBody, TResult>(NMPattern pattern, in TBody body)
        where TBody : IPatternBody<TResult> => (pattern.N, pattern.M) switch
        {
            (1, 2) => body.Run<Pattern1x2>(),
            (1, 4) => body.Run<Pattern1x4>(),
            (2, 4) => body.Run<Pattern2x4>(),
            (1, 8) => body.Run<Pattern1x8>(),
            (2, 8) => body.Run<Pattern2x8>(),
            (4, 8) => body.Run<Pattern4x8>(),
            (1, 16) => body.Run<Pattern1x16>(),
            (2, 16) => body.Run<Pattern2x16>(),
            (1, 32) => body.Run<Pattern1x32>(),
            _ => throw new NMSparseException($"There is no built-in type for {pattern}; there is one for {string.Join(", ", BuiltIn)}."),
        };
}
