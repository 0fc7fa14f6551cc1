using System.Text;
using System.Text.Json;

namespace BiMaskGen.Benchmarks.Accuracy;

/// <summary>
/// The finished runs, a line of JSON each, appended as they finish: a study that was stopped goes on where it was. Several processes may share a file.
/// </summary>
internal sealed class RunLog(string path)
{
    private const int Attempts = 200;
    private static readonly TimeSpan s_between = TimeSpan.FromMilliseconds(25);

    private static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    /// <summary>The runs that are there, in the order they finished. A last line that a kill cut off is not one.</summary>
    /// <exception cref="InvalidDataException">A whole line is no run; the message names it.</exception>
    internal IReadOnlyList<RunRecord> Read()
    {
        if (!File.Exists(path))
        {
            return [];
        }

        using FileStream file = Open(FileAccess.Read);
        using var reader = new StreamReader(file);
        string text = reader.ReadToEnd();
        string[] lines = text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.Select(Parse)];
    }

    /// <summary>Adds a run and drops what an earlier kill cut off.</summary>
    internal void Append(RunRecord record)
    {
        using FileStream file = Open(FileAccess.ReadWrite);
        file.SetLength(EndOfLastLine(file));
        file.Seek(0, SeekOrigin.End);
        file.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(record, s_options) + "\n"));
        file.Flush(flushToDisk: true);
    }

    private static long EndOfLastLine(FileStream file)
    {
        for (long end = file.Length; end > 0; end--)
        {
            file.Position = end - 1;
            if (file.ReadByte() == '\n')
            {
                return end;
            }
        }

        return 0;
    }

    private RunRecord Parse(string line, int index)
    {
        try
        {
            return JsonSerializer.Deserialize<RunRecord>(line, s_options)!;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path}, line {index + 1} is no finished run: {e.Message}", e);
        }
    }

    // Nobody else has the file open meanwhile; what another process does with it takes a moment.
    private FileStream Open(FileAccess access)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return new FileStream(path, access == FileAccess.Read ? FileMode.Open : FileMode.OpenOrCreate, access, FileShare.None);
            }
            catch (IOException e) when (attempt < Attempts && e is not (FileNotFoundException or DirectoryNotFoundException))
            {
                Thread.Sleep(s_between);
            }
        }
    }
}
