using BiMaskGen.Patterns;

namespace BiMaskGen.Benchmarks.Contenders;

/// <summary>Code that wants a pattern as a type.</summary>
internal interface IPatternBody<out TResult>
{
    TResult Run<TPattern>()
        where TPattern : struct, INMPattern;
}

/// <summary>From the pattern of a row to the type that the kernels are specialised for.</summary>
internal static class PatternTypes
{
    internal static NMPattern Parse(string text)
    {
        string[] parts = text.Split(' ')[0].Split(':');
        return new NMPattern(int.Parse(parts[0]), int.Parse(parts[1]));
    }

    internal static TResult Dispatch<TBody, TResult>(NMPattern pattern, in TBody body)
        where TBody : IPatternBody<TResult> => (pattern.N, pattern.M) switch
        {
            (1, 4) => body.Run<Pattern1x4>(),
            (2, 4) => body.Run<Pattern2x4>(),
            (1, 8) => body.Run<Pattern1x8>(),
            (2, 8) => body.Run<Pattern2x8>(),
            (4, 8) => body.Run<Pattern4x8>(),
            (1, 16) => body.Run<Pattern1x16>(),
            _ => throw new ArgumentOutOfRangeException(nameof(pattern), pattern, "No row has this pattern."),
        };
}
