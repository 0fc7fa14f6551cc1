namespace BiMaskGen.Tool.Building;

/// <summary>Reads "blocks.*=Demo.Block, tail=Demo.Tail".</summary>
internal static class NamedModules
{
    /// <exception cref="NMSparseException">An entry is no "path=class".</exception>
    public static IReadOnlyDictionary<string, string> Parse(string? text)
    {
        Dictionary<string, string> modules = [];
        foreach (string entry in (text ?? "").Split([',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] parts = entry.Split('=', StringSplitOptions.TrimEntries);
            if (parts is not [{ Length: > 0 } path, { Length: > 0 } type])
            {
                throw new NMSparseException($"Modules: \"{entry}\" is no \"path=class\", such as \"blocks.*=Demo.Block\".");
            }

            modules[path] = type;
        }

        return modules;
    }
}
