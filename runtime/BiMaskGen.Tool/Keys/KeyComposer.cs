using System.Text.RegularExpressions;
using BiMaskGen.Tool.Manifest;

namespace BiMaskGen.Tool.Keys;

/// <summary>
/// Composes a model's state_dict keys from its root down, along a checkpoint's keys: how many entries a list has, only the checkpoint
/// knows, and along it a class that holds itself ends somewhere.
/// </summary>
internal sealed partial class KeyComposer
{
    private readonly ModelManifest _manifest;
    private readonly IReadOnlyList<(PathPattern Path, ModuleType Type)> _named;
    private readonly IReadOnlyList<PathPattern> _optional;
    private readonly List<SparseKey> _sparse = [];
    private readonly List<(string Path, string Member)> _missing = [];
    private readonly Dictionary<string, KeyProblem> _unknown = new(StringComparer.Ordinal);
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private readonly IReadOnlyCollection<string> _keys;
    private readonly string _prefix;

    private KeyComposer(ModelManifest manifest, IReadOnlyCollection<string> keys, string prefix, IReadOnlyList<PathPattern> optional)
    {
        _manifest = manifest;
        _keys = keys;
        _prefix = prefix;
        _optional = optional;
        _named = [.. manifest.Named.Select(n => (PathPattern.Parse(n.Key), ModuleType.Parse(n.Value)))];
    }

    /// <summary>Finds the sparse tensors of a model in a checkpoint.</summary>
    /// <param name="manifest">The model.</param>
    /// <param name="keys">The checkpoint's keys.</param>
    /// <param name="prefix">What all keys of the model begin with, "model." say; or empty.</param>
    /// <param name="optional">Paths that may be missing.</param>
    public static (IReadOnlyList<SparseKey> Sparse, IReadOnlyList<KeyProblem> Problems) Compose(
        ModelManifest manifest, IReadOnlyCollection<string> keys, string prefix, IReadOnlyList<PathPattern> optional)
    {
        KeyComposer composer = new(manifest, keys, prefix, optional);
        KeyTree root = KeyTree.Of(keys.Where(k => k.StartsWith(prefix, StringComparison.Ordinal)).Select(k => k[prefix.Length..]));
        composer.Walk(root, ModuleType.Parse(manifest.Root), reach: null);
        string[] unused = [.. keys.Where(k => !composer._used.Contains(k))];
        IEnumerable<KeyProblem> problems =
        [
            .. composer._missing.Where(m => !composer.IsOptional(m.Path)).Select(m => composer.Missing(m.Path, m.Member, unused)),
            .. composer._unknown.Values,
            .. unused.Select(key => new KeyProblem(KeyProblemKind.Unused, key, $"the model {manifest.Root} has no member for it; it is kept as it is.")),
        ];
        return (composer._sparse, [.. problems]);
    }

    /// <param name="node">Where the module's keys lie.</param>
    /// <param name="type">Its type.</param>
    /// <param name="reach">What a model above says of classes without an attribute, or null.</param>
    private void Walk(KeyTree node, ModuleType type, MemberSparsity? reach)
    {
        type = _named.FirstOrDefault(n => n.Path.Matches(node.Path)).Type ?? type;
        if (_manifest.Classes.ContainsKey(type.Name))
        {
            foreach ((ModuleClass owner, ModuleType own) in Lineage(type))
            {
                // An attribute of the class's own wins, also for what it inherits from classes without one.
                reach = owner.Annotated ? owner.Reach : reach;
                Members(node, owner, own.Arguments, reach);
            }
        }
        else if (type.Name is WellKnown.ModuleList or WellKnown.ModuleDict && type.Arguments.Count > 0)
        {
            foreach (KeyTree child in node.Children.Values)
            {
                Walk(child, type.Arguments[^1], reach);
            }
        }
        else if (type.Name is WellKnown.Sequential or WellKnown.Module || !WellKnown.IsModule(type.Name))
        {
            Unknown(node, type, reach);
        }
        else
        {
            Use(node);
        }
    }

    private void Members(KeyTree node, ModuleClass owner, IReadOnlyList<ModuleType> arguments, MemberSparsity? reach)
    {
        foreach (string tensor in owner.Tensors)
        {
            if (node[tensor] is { } found)
            {
                Use(found);
            }
        }

        foreach (ModuleMember member in owner.Members)
        {
            ModuleType type = member.Type.Substitute(arguments);
            MemberSparsity? own = member.Under(reach);
            KeyTree? below = node.At(member.Name);
            string path = node.Below(member.Name), name = owner.Name + "." + member.Name;
            if (member.StaysDense && type.Name == WellKnown.Sequential)
            {
                Use(below);
                continue;
            }

            if (WellKnown.IsContainer(type.Name) && (own is not null || owner.Members.Any(element => element.IsBelow(member))))
            {
                Elements(below, owner, member, type, own);
                continue;
            }

            if (own is null && type.Name != WellKnown.Linear)
            {
                if (below is not null)
                {
                    Walk(below, type, member.StaysDense ? null : reach);
                }
                else if (!member.Nullable && HasSparse(type, []))
                {
                    _missing.Add((path, name));
                }

                continue;
            }

            if (below?["weight"] is not { IsTensor: true })
            {
                if (below is not null || !member.Nullable)
                {
                    _missing.Add((path + ".weight", name));
                }
            }
            else if (own is { } sparsity)
            {
                _sparse.Add(new SparseKey(_prefix + path + ".weight", name, sparsity));
            }

            foreach (string parameter in (string[])["weight", "bias"])
            {
                if (below?[parameter] is { } found)
                {
                    Use(found);
                }
            }
        }
    }

    /// <summary>A container whose layers are sparse: those that the source names have members of their own, the others are the checkpoint's.</summary>
    private void Elements(KeyTree? node, ModuleClass owner, ModuleMember member, ModuleType type, MemberSparsity? own)
    {
        foreach (KeyTree child in node?.Children.Values ?? [])
        {
            if (owner.Members.Any(element => child.Path == Below(node!, member, element)))
            {
                continue;
            }

            Use(child);
            if (own is { } sparsity && type.Arguments is [{ Name: WellKnown.Linear }] && child["weight"] is { IsTensor: true } weight)
            {
                _sparse.Add(new SparseKey(_prefix + weight.Path, owner.Name + "." + member.Name, sparsity));
            }
        }
    }

    private static string? Below(KeyTree node, ModuleMember member, ModuleMember element) =>
        element.IsBelow(member) ? node.Path + element.Name[member.Name.Length..] : null;

    // What lies here stays dense, but for parts that the user has named.
    private void Unknown(KeyTree node, ModuleType type, MemberSparsity? reach)
    {
        if (node.IsTensor)
        {
            Use(node);
        }

        bool named = false;
        foreach (KeyTree child in node.Children.Values)
        {
            if (_named.FirstOrDefault(n => n.Path.Matches(child.Path)).Type is { } known)
            {
                named = true;
                Walk(child, known, reach);
            }
            else
            {
                Use(child);
            }
        }

        if (named || _manifest.Elsewhere.Count == 0)
        {
            return;
        }

        // The entries of a list have one declaration: one message.
        string path = Digits().Replace(node.Path, "*") + (type.Name == WellKnown.Sequential ? ".*" : "");
        _unknown.TryAdd(path, new(
            KeyProblemKind.UnknownContent,
            _prefix + node.Path,
            $"declared as {type}: what it holds is known only at run time, so its tensors stay dense. If it holds {string.Join(" or ", _manifest.Elsewhere)}, say so: Modules=\"{path}={_manifest.Elsewhere[0]}\"."));
    }

    [GeneratedRegex(@"(?<=^|\.)\d+(?=\.|$)")]
    private static partial Regex Digits();

    private void Use(KeyTree? node)
    {
        foreach (string key in node?.Keys ?? [])
        {
            _used.Add(_prefix + key);
        }
    }

    private bool IsOptional(string path) => _optional.Any(o => o.Matches(path) || Parents(path).Any(o.Matches));

    private KeyProblem Missing(string path, string member, IReadOnlyList<string> unused)
    {
        // A key that nobody uses is more likely the misspelt one.
        string key = _prefix + path;
        string? near = NearestName.Among(unused, key) ?? NearestName.Among(_keys, key);
        return new(
            KeyProblemKind.Missing,
            key,
            $"the checkpoint has no such key for {member}.{(near is null ? "" : $" The nearest key is {near}.")} If the model can be without it, say Optional=\"{path}\".");
    }

    private static IEnumerable<string> Parents(string path)
    {
        for (int dot = path.LastIndexOf('.'); dot > 0; dot = path.LastIndexOf('.', dot - 1))
        {
            yield return path[..dot];
        }
    }

    private bool HasSparse(ModuleType type, HashSet<string> seen) =>
        _manifest.Classes.ContainsKey(type.Name) && seen.Add(type.Name)
        && Lineage(type).Any(c => c.Owner.Members.Any(m => m.Sparsity is not null || HasSparse(m.Type.Substitute(c.Own.Arguments), seen)));

    /// <summary>A class and its bases, each with the type it appears as there.</summary>
    private IEnumerable<(ModuleClass Owner, ModuleType Own)> Lineage(ModuleType type)
    {
        HashSet<string> seen = [];
        for (ModuleType own = type; _manifest.Classes.GetValueOrDefault(own.Name) is { } owner && seen.Add(own.Name);)
        {
            yield return (owner, own);
            own = owner.Base.Substitute(own.Arguments);
        }
    }
}
