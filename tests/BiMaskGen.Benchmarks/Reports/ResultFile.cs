using System.Text.Json;

namespace BiMaskGen.Benchmarks.Reports;

/// <summary>The JSON file of a run: an array of rows, or one object.</summary>
internal static class ResultFile
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
    };

    /// <summary>Refuses before a long run what could not be written after it.</summary>
    /// <exception cref="IOException">The folder is not there.</exception>
    internal static void CheckPath(string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"--json {path}: there is no folder {folder}.");
        }
    }

    /// <summary>Writes beside the place and moves it there: nobody sees half a file.</summary>
    internal static void Write<T>(string path, T results)
    {
        string draft = path + ".tmp";
        File.WriteAllText(draft, JsonSerializer.Serialize(results, s_options) + "\n");
        File.Move(draft, path, overwrite: true);
    }
}
