using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace BiMaskGen.Checkpoints;

/// <summary>
/// Drafts whose writer was killed. A draft is named after its file and the process that writes it, and locked while it is written: one
/// whose process is gone and that nobody has open is left over.
/// </summary>
internal static class LeftDrafts
{
    private const string Ending = ".tmp";

    // A folder that may be written but not listed keeps its drafts.
    private static readonly EnumerationOptions s_all = new() { IgnoreInaccessible = true, AttributesToSkip = 0 };

    /// <summary>A name for a draft of the file.</summary>
    public static string NewName(string target) =>
        string.Create(CultureInfo.InvariantCulture, $"{target}.{Environment.ProcessId}.{Guid.NewGuid():N}{Ending}");

    /// <summary>Removes the drafts of the file that are left over.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static void Remove(string target)
    {
        string prefix = $"{Path.GetFileName(target)}.";
        foreach (string draft in Directory.EnumerateFiles(Path.GetDirectoryName(target)!, $"*{Ending}", s_all))
        {
            string name = Path.GetFileName(draft);
            if (name.StartsWith(prefix, StringComparison.Ordinal) && WriterOf(name[prefix.Length..]) is { } writer && !IsRunning(writer))
            {
                RemoveUnlessOpen(draft);
            }
        }
    }

    /// <summary>The process in a draft's name, null if it is no draft's.</summary>
    private static int? WriterOf(string rest) =>
        rest.Split('.') is [var process, var unique, "tmp"]
        && int.TryParse(process, NumberStyles.None, CultureInfo.InvariantCulture, out int id)
        && Guid.TryParseExact(unique, "N", out _)
            ? id
            : null;

    private static bool IsRunning(int process)
    {
        try
        {
            using var found = System.Diagnostics.Process.GetProcessById(process);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    // The lock speaks for writers in other containers or on other machines, whose process numbers say nothing here.
    private static void RemoveUnlessOpen(string draft)
    {
        try
        {
            // Alone; on Windows it could else not be deleted while it is open.
            FileShare alone = OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None;
            using SafeFileHandle handle = File.OpenHandle(draft, FileMode.Open, FileAccess.ReadWrite, alone);
            File.Delete(draft);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Its writer is alive, or it is not ours to remove.
        }
    }
}
