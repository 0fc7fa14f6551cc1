using System.Globalization;

namespace BiMaskGen.Tool;

/// <summary>Reads patterns as users write them.</summary>
internal static class PatternText
{
    /// <summary>"2:4" as a pattern.</summary>
    /// <exception cref="NMSparseException">The text is no pattern.</exception>
    public static NMPattern Parse(string text) =>
        text.Split(':') is [string left, string right]
            && int.TryParse(left, NumberStyles.None, CultureInfo.InvariantCulture, out int n)
            && int.TryParse(right, NumberStyles.None, CultureInfo.InvariantCulture, out int m)
            ? new NMPattern(n, m)
            : throw new NMSparseException($"\"{text}\" is no N:M pattern: expected two numbers, such as 2:4.");
}
