using System.Text;

namespace BiMaskGen.Checkpoints;

/// <summary>Names of tensors, and messages about those that are missing.</summary>
internal static class TensorNames
{
    private const int Shown = 5;

    /// <summary>UTF-8 that refuses what is none, instead of putting replacement characters in its place.</summary>
    internal static UTF8Encoding StrictUtf8 { get; } = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Whether the name can be written as UTF-8 and read back the same.</summary>
    internal static bool IsValid(string name)
    {
        try
        {
            StrictUtf8.GetByteCount(name);
            return true;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }

    /// <summary>Says that a name is missing, and which there are: those that end alike first.</summary>
    internal static string Missing(string name, IReadOnlyCollection<string> present)
    {
        if (present.Count == 0)
        {
            return "no such tensor; the file holds none.";
        }

        IEnumerable<string> nearest = present.OrderByDescending(p => CommonEnd(p, name)).ThenBy(p => p, StringComparer.Ordinal).Take(Shown);
        string list = string.Join(", ", nearest.Select(NMSparseCheckpointException.Shown));
        return $"no such tensor; the file holds {present.Count}: {list}{(present.Count > Shown ? ", …" : "")}.";
    }

    private static int CommonEnd(string a, string b)
    {
        int length = 0;
        while (length < a.Length && length < b.Length && a[^(length + 1)] == b[^(length + 1)])
        {
            length++;
        }

        return length;
    }
}
