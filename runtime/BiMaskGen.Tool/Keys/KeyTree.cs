namespace BiMaskGen.Tool.Keys;

/// <summary>The keys of a checkpoint as the tree of modules they come from.</summary>
internal sealed class KeyTree
{
    private readonly SortedDictionary<string, KeyTree> _children = new(StringComparer.Ordinal);

    private KeyTree(string path) => Path = path;

    /// <summary>The key up to here, empty at the root.</summary>
    public string Path { get; }

    /// <summary>Whether a tensor has just this key.</summary>
    public bool IsTensor { get; private set; }

    /// <summary>What is one name further, by that name.</summary>
    public IReadOnlyDictionary<string, KeyTree> Children => _children;

    /// <summary>The keys at and below this place.</summary>
    public IEnumerable<string> Keys => _children.Values.SelectMany(c => c.Keys).Prepend(IsTensor ? Path : null).OfType<string>();

    /// <summary>Builds the tree.</summary>
    public static KeyTree Of(IEnumerable<string> keys)
    {
        KeyTree root = new("");
        foreach (string key in keys)
        {
            KeyTree node = root;
            foreach (string name in key.Split('.'))
            {
                if (!node._children.TryGetValue(name, out KeyTree? child))
                {
                    node._children.Add(name, child = new KeyTree(node.Below(name)));
                }

                node = child;
            }

            node.IsTensor = true;
        }

        return root;
    }

    /// <summary>The child of a name, or null.</summary>
    public KeyTree? this[string name] => _children.GetValueOrDefault(name);

    /// <summary>The path of a child.</summary>
    public string Below(string name) => Path.Length == 0 ? name : Path + "." + name;

    /// <summary>What lies below a path, or null.</summary>
    public KeyTree? At(string path) => path.Length == 0 ? this : path.Split('.').Aggregate((KeyTree?)this, (node, name) => node?[name]);
}
