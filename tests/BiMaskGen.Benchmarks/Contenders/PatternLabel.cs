namespace BiMaskGen.Benchmarks.Contenders;

/// <summary>Reads the pattern that the label of a row begins with.</summary>
internal static class PatternLabel
{
    internal static NMPattern Parse(string text)
    {
        string[] parts = text.Split(' ')[0].Split(':');
        return new NMPattern(int.Parse(parts[0]), int.Parse(parts[1]));
    }
}
