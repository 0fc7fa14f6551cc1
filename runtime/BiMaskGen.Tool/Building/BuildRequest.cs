namespace BiMaskGen.Tool.Building;

/// <summary>What a build asks for, one "key=value" per line. It is a file so that a changed request shows in its time.</summary>
/// <param name="Project">The project's folder, to which the other paths are relative.</param>
/// <param name="Name">The checkpoint as the project names it.</param>
internal sealed record BuildRequest(string Project, string Name)
{
    /// <summary>The dense checkpoint.</summary>
    public required string Checkpoint { get; init; }

    /// <summary>The root model's class.</summary>
    public required string Model { get; init; }

    /// <summary>The compiled assembly, then those it refers to.</summary>
    public required IReadOnlyList<string> Assemblies { get; init; }

    /// <summary>The manifest file.</summary>
    public required string Manifest { get; init; }

    /// <summary>The packed file to write.</summary>
    public required string Output { get; init; }

    /// <summary>The page to write, or null.</summary>
    public string? Report { get; init; }

    /// <summary>What the layers saw, or null.</summary>
    public string? Calibration { get; init; }

    /// <summary>What all keys of the model begin with.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Classes that the user names for paths.</summary>
    public IReadOnlyDictionary<string, string> Modules { get; init; } = new Dictionary<string, string>();

    /// <summary>Paths that may be missing.</summary>
    public string Optional { get; init; } = "";

    /// <summary>The other values, by key, for what reads them.</summary>
    public required IReadOnlyDictionary<string, string> Options { get; init; }

    /// <summary>Reads a request.</summary>
    /// <exception cref="NMSparseException">A line is no "key=value", or a value is missing.</exception>
    public static BuildRequest Read(string path)
    {
        List<string> references = [];
        Dictionary<string, string> values = [];
        foreach (string line in File.ReadAllLines(path).Where(l => l.Length > 0))
        {
            int sign = line.IndexOf('=');
            string key = sign > 0 ? line[..sign] : throw new NMSparseException($"{path}: \"{line}\" is no \"key=value\".");
            if (key == "reference")
            {
                references.Add(line[(sign + 1)..]);
            }
            else
            {
                values[key] = line[(sign + 1)..];
            }
        }

        string project = Value("project");
        return new BuildRequest(project, Value("checkpoint"))
        {
            Checkpoint = Full(Value("checkpoint")),
            Model = Value("model"),
            Assemblies = [Full(Value("assembly")), .. references.Select(Full)],
            Manifest = Full(Value("manifest")),
            Output = Full(Value("output")),
            Report = FullOrNull("report"),
            Calibration = FullOrNull("calibration"),
            Prefix = values.GetValueOrDefault("prefix", ""),
            Modules = NamedModules.Parse(values.GetValueOrDefault("modules")),
            Optional = values.GetValueOrDefault("optional", ""),
            Options = values,
        };

        string Value(string key) => values.GetValueOrDefault(key) is { Length: > 0 } value
            ? value
            : throw new NMSparseException($"{path} has no \"{key}\".");

        string? FullOrNull(string key) => values.GetValueOrDefault(key) is { Length: > 0 } file ? Full(file) : null;

        string Full(string file) => Path.GetFullPath(file, project);
    }
}
