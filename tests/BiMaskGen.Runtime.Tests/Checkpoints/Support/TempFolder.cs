namespace BiMaskGen.Runtime.Tests.Checkpoints;

/// <summary>A folder of the test's own.</summary>
internal sealed class TempFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("bimask-").FullName;

    public string this[string name] => Path.Combine(_path, name);

    /// <summary>The names of all files in it.</summary>
    public string[] Files => [.. Directory.GetFiles(_path).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    public string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(this[name], bytes);
        return this[name];
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
