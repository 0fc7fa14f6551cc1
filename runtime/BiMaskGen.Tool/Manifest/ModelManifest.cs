using System.Text.Json;
using System.Text.Json.Serialization;

namespace BiMaskGen.Tool.Manifest;

/// <summary>
/// What a root model consists of, as far as compiled assemblies say: every module class that can be reached from it. Written to a file
/// that holds no paths, times or versions, so that it changes only when the model does.
/// </summary>
internal sealed class ModelManifest
{
    private const string FormatName = "bimaskgen-model-manifest";

    private ModelManifest(
        string root, IReadOnlyDictionary<string, string> named, IReadOnlyDictionary<string, ModuleClass> classes, IReadOnlyList<string> elsewhere)
    {
        Root = root;
        Named = named;
        Classes = classes;
        Elsewhere = elsewhere;
    }

    /// <summary>The root model's class.</summary>
    public string Root { get; }

    /// <summary>Classes that the user names for paths where the declared type does not say them; path to class.</summary>
    public IReadOnlyDictionary<string, string> Named { get; }

    /// <summary>The classes by name.</summary>
    public IReadOnlyDictionary<string, ModuleClass> Classes { get; }

    /// <summary>Annotated classes that no declared type leads to: a member of a more general type may hold one of them.</summary>
    public IReadOnlyList<string> Elsewhere { get; }

    /// <summary>How many members are sparse.</summary>
    public int SparseMembers => Classes.Values.Sum(c => c.Members.Count(m => m.Sparsity is not null));

    /// <summary>Finds what can be reached from a root model.</summary>
    /// <param name="root">The root's class: full name ("." or "+" before nested types), or a name that only one class has.</param>
    /// <param name="assemblies">The assembly that holds the root, then those that it refers to.</param>
    /// <param name="named">Classes for paths, "blocks.*" to "Demo.Block".</param>
    /// <exception cref="ManifestException">An assembly cannot be read, or holds no such class.</exception>
    public static ModelManifest Read(string root, IReadOnlyList<string> assemblies, IReadOnlyDictionary<string, string>? named = null)
    {
        ModuleClasses all = ModuleClasses.Read(assemblies);
        var names = (named ?? new Dictionary<string, string>()).ToDictionary(n => n.Key, n => all.Find(n.Value).Name);
        string rootName = all.Find(root).Name;
        SortedDictionary<string, ModuleClass> reached = new(StringComparer.Ordinal);
        foreach (string start in names.Values.Append(rootName))
        {
            Reach(ModuleType.Parse(start));
        }

        string[] elsewhere = [.. all.Annotated.Where(name => !reached.ContainsKey(name)).Order(StringComparer.Ordinal)];
        return new ModelManifest(rootName, names, reached, elsewhere);

        void Reach(ModuleType type)
        {
            foreach (ModuleType argument in type.Arguments)
            {
                Reach(argument);
            }

            if (all.TryGet(type.Name) is { } found && reached.TryAdd(found.Name, found))
            {
                Reach(found.Base);
                foreach (ModuleMember member in found.Members)
                {
                    Reach(member.Type);
                }
            }
        }
    }

    /// <summary>The manifest as JSON text, the same for the same model.</summary>
    public string ToJson()
    {
        ManifestDocument document = new(
            FormatName,
            Root,
            new SortedDictionary<string, string>(Named.ToDictionary(), StringComparer.Ordinal),
            [.. Classes.Values.OrderBy(c => c.Name, StringComparer.Ordinal).Select(c => new ClassDocument(
                c.Name,
                c.Base.ToString(),
                c.Annotated,
                [.. c.Members.Select(m => new MemberDocument(
                    m.Name,
                    m.Type.ToString(),
                    m.Nullable ? true : null,
                    m.Sparsity?.Pattern.ToString(),
                    m.Sparsity?.Method,
                    m.Sparsity?.InFeatures,
                    m.Sparsity?.OutFeatures,
                    m.Reached ? true : null,
                    m.StaysDense ? true : null))],
                c.Tensors,
                c.Reach?.Pattern.ToString(),
                c.Reach?.Method))],
            Elsewhere);
        return JsonSerializer.Serialize(document, ManifestJson.Default.ManifestDocument);
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="ManifestException">The text is no manifest.</exception>
    public static ModelManifest FromJson(string json)
    {
        ManifestDocument? document;
        try
        {
            document = JsonSerializer.Deserialize(json, ManifestJson.Default.ManifestDocument);
        }
        catch (JsonException e)
        {
            throw new ManifestException($"no model manifest: {e.Message}", e);
        }

        if (document?.Format != FormatName)
        {
            throw new ManifestException($"no model manifest: the format is {document?.Format ?? "missing"}, expected {FormatName}.");
        }

        IEnumerable<ModuleClass> classes = document.Classes.Select(c => new ModuleClass(
            c.Name,
            ModuleType.Parse(c.Base),
            c.Annotated,
            [.. c.Members.Select(Member)],
            c.Tensors,
            c.ReachPattern is null ? null : new MemberSparsity(PatternText.Parse(c.ReachPattern), c.ReachMethod ?? default, 0, 0)));
        return new ModelManifest(document.Root, document.Named, classes.ToDictionary(c => c.Name), document.Elsewhere);

        static ModuleMember Member(MemberDocument m) => new(m.Name, ModuleType.Parse(m.Type), m.Nullable ?? false, m.Pattern is null
            ? null
            : new MemberSparsity(PatternText.Parse(m.Pattern), m.Method ?? default, m.InFeatures ?? 0, m.OutFeatures ?? 0),
            m.Reached ?? false,
            m.StaysDense ?? false);
    }

    internal sealed record ManifestDocument(
        string Format,
        string Root,
        SortedDictionary<string, string> Named,
        IReadOnlyList<ClassDocument> Classes,
        IReadOnlyList<string> Elsewhere);

    internal sealed record ClassDocument(
        string Name, string Base, bool Annotated, IReadOnlyList<MemberDocument> Members, IReadOnlyList<string> Tensors,
        string? ReachPattern, SparseMethod? ReachMethod);

    internal sealed record MemberDocument(
        string Name, string Type, bool? Nullable, string? Pattern, SparseMethod? Method, int? InFeatures, int? OutFeatures, bool? Reached, bool? StaysDense);
}

[JsonSourceGenerationOptions(WriteIndented = true, NewLine = "\n", UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ModelManifest.ManifestDocument))]
internal sealed partial class ManifestJson : JsonSerializerContext;
