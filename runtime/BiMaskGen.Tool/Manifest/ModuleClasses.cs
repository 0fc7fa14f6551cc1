namespace BiMaskGen.Tool.Manifest;

/// <summary>The module classes of several assemblies.</summary>
internal sealed class ModuleClasses
{
    private readonly Dictionary<string, ModuleClass> _modules = new(StringComparer.Ordinal);

    private ModuleClasses(IEnumerable<ModuleClass> classes)
    {
        Dictionary<string, ModuleClass> all = new(StringComparer.Ordinal);
        foreach (ModuleClass c in classes)
        {
            all.TryAdd(c.Name, c);
        }

        foreach (ModuleClass c in all.Values.Where(c => IsModule(c, all)))
        {
            // Of the fields of class type only those that can hold modules matter.
            _modules.Add(c.Name, c with { Members = [.. c.Members.Where(m => MayBeModule(m.Type, all))] });
        }
    }

    /// <summary>Reads assemblies; a class that two of them hold counts in the first.</summary>
    /// <exception cref="ManifestException">One cannot be read.</exception>
    public static ModuleClasses Read(IReadOnlyList<string> assemblies) => new(assemblies.SelectMany(AssemblyClasses.Read));

    /// <summary>The names of the classes that carry the attribute.</summary>
    public IEnumerable<string> Annotated => _modules.Values.Where(c => c.Annotated).Select(c => c.Name);

    /// <summary>The class of that name, or null.</summary>
    public ModuleClass? TryGet(string name) => _modules.GetValueOrDefault(name);

    /// <summary>The class that a user means.</summary>
    /// <param name="name">Its full name, "." or "+" before nested types, or its own name if only one class has that.</param>
    /// <exception cref="ManifestException">No class, or more than one.</exception>
    public ModuleClass Find(string name)
    {
        if (_modules.TryGetValue(name, out ModuleClass? exact))
        {
            return exact;
        }

        string dotted = name.Replace('+', '.');
        ModuleClass[] found = [.. _modules.Values.Where(c => c.Name.Replace('+', '.') == dotted)];
        if (found.Length == 0)
        {
            found = [.. _modules.Values.Where(c => c.Name.Replace('+', '.').EndsWith("." + dotted, StringComparison.Ordinal))];
        }

        return found.Length switch
        {
            1 => found[0],
            0 => throw new ManifestException($"No module class is named {name}. {Known()}"),
            _ => throw new ManifestException($"{name} may be {string.Join(" or ", found.Select(c => c.Name).Order(StringComparer.Ordinal))}: give the full name."),
        };
    }

    private string Known() => _modules.Count == 0
        ? "The assembly has no class that derives from torch.nn.Module."
        : "The assembly has " + string.Join(", ", _modules.Keys.Order(StringComparer.Ordinal)) + ".";

    private static bool IsModule(ModuleClass c, Dictionary<string, ModuleClass> all)
    {
        HashSet<string> seen = [];
        for (ModuleClass? current = c; current is not null && seen.Add(current.Name); current = all.GetValueOrDefault(current.Base.Name))
        {
            if (WellKnown.IsModule(current.Base.Name))
            {
                return true;
            }
        }

        return false;
    }

    // A class of an assembly that was not read may be a module; what the runtime library or an array holds is none.
    private static bool MayBeModule(ModuleType type, Dictionary<string, ModuleClass> all) =>
        all.TryGetValue(type.Name, out ModuleClass? known) ? IsModule(known, all)
        : type.Name.StartsWith('!') || WellKnown.IsModule(type.Name) || !(type.Name is "?" or "[]"
            || type.Name.StartsWith("System.", StringComparison.Ordinal) || type.Name.StartsWith("TorchSharp.", StringComparison.Ordinal));
}
