using System.Text;

namespace BiMaskGen;

/// <summary>A checkpoint file is damaged, of a kind that is not known, lacks a tensor, or cannot take what was to be written.</summary>
public sealed class NMSparseCheckpointException : NMSparseException
{
    private const int ShownLength = 200;

    /// <summary>Makes the exception.</summary>
    /// <param name="path">The file.</param>
    /// <param name="key">The tensor, or null if the file as a whole is meant.</param>
    /// <param name="problem">What is wrong, with the numbers, and the way out.</param>
    /// <param name="inner">The cause, if another exception is.</param>
    public NMSparseCheckpointException(string path, string? key, string problem, Exception? inner = null)
        : base(key is null ? $"{path}: {problem}" : $"{path}: {Shown(key)}: {problem}", inner)
    {
        Path = path;
        Key = key;
        Problem = problem;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The tensor, or null if the file as a whole is meant.</summary>
    public string? Key { get; }

    /// <summary>The message without file and key.</summary>
    public string Problem { get; }

    /// <summary>A name out of a file as a message may show it: on one line, of bounded length.</summary>
    internal static string Shown(string name)
    {
        var shown = new StringBuilder(Math.Min(name.Length, ShownLength) + 1);
        foreach (char c in name.AsSpan(0, Math.Min(name.Length, ShownLength)))
        {
            shown.Append(char.IsControl(c) || char.IsSurrogate(c) ? '?' : c);
        }

        return name.Length > ShownLength ? shown.Append('…').ToString() : shown.ToString();
    }
}
