namespace BiMaskGen.Checkpoints;

/// <summary>What a packed checkpoint holds, told from its metadata and the tensors that are there; every tensor has to be accounted for.</summary>
internal sealed class PackedIndex
{
    private readonly SafeTensorsFile _file;
    private readonly HashSet<string> _parts = new(StringComparer.Ordinal);
    private readonly List<PackedLayerInfo> _layers = [];
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);

    private PackedIndex(SafeTensorsFile file) => _file = file;

    public IReadOnlyList<PackedLayerInfo> Layers => _layers;

    public IReadOnlyList<TensorInfo> DenseTensors { get; private set; } = [];

    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    /// <exception cref="NMSparseCheckpointException">The file is no packed checkpoint, or something in it is not known.</exception>
    public static PackedIndex Of(SafeTensorsFile file)
    {
        var index = new PackedIndex(file);
        index.CheckFormat();
        index.ReadMetadata();
        index.FindDense();
        return index;
    }

    private void CheckFormat()
    {
        string? format = _file.Metadata.GetValueOrDefault(PackedFormat.NameKey), version = _file.Metadata.GetValueOrDefault(PackedFormat.VersionKey);
        if (format != PackedFormat.Name)
        {
            throw Error(null, format is null
                ? "no packed checkpoint: its tensors are dense."
                : $"the format '{NMSparseCheckpointException.Shown(format)}' is unknown; '{PackedFormat.Name}' was expected.");
        }

        if (version != PackedFormat.Version)
        {
            string shown = NMSparseCheckpointException.Shown(version ?? "");
            throw Error(null, $"version '{shown}' of the packed format is unknown, {PackedFormat.Version} is: a later BiMaskGen may read it.");
        }
    }

    private void ReadMetadata()
    {
        foreach ((string key, string value) in _file.Metadata)
        {
            if (key.StartsWith(PackedFormat.LayerPrefix, StringComparison.Ordinal))
            {
                _layers.Add(ReadLayer(key[PackedFormat.LayerPrefix.Length..], value));
            }
            else if (!key.StartsWith(PackedFormat.Prefix, StringComparison.Ordinal))
            {
                _metadata.Add(key, value);
            }
            else if (key is not (PackedFormat.NameKey or PackedFormat.VersionKey))
            {
                throw Error(key, "these metadata of the packed format are unknown: a later BiMaskGen may read them.");
            }
        }

        _layers.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
    }

    private PackedLayerInfo ReadLayer(string name, string description)
    {
        (PackedLayerInfo? layer, string? problem) = PackedFormat.Parse(name, description);
        if (layer is null)
        {
            throw Error(name, problem!);
        }

        layer = layer with
        {
            DType = _file[PackedFormat.Key(name, PackedFormat.Values)].DType,
            HasRowPermutation = _file.TryFind(PackedFormat.Key(name, PackedFormat.RowPermutation), out _),
            HasChannelOrder = _file.TryFind(PackedFormat.Key(name, PackedFormat.ChannelOrder), out _),
        };
        problem = layer.FindProblem();
        if (problem is not null)
        {
            throw Error(name, problem);
        }

        foreach (TensorInfo part in PackedFormat.Parts(layer))
        {
            TensorInfo stored = _file[part.Name];
            if (!stored.Is(part.DType, part.Shape.AsSpan()))
            {
                throw Error(part.Name, $"it is {stored.Kind}; a {layer.Pattern} layer [{layer.OutFeatures}, {layer.InFeatures}] needs {part.Kind}.");
            }

            _parts.Add(part.Name);
        }

        return layer;
    }

    private void FindDense()
    {
        var dense = new List<TensorInfo>();
        foreach (TensorInfo tensor in _file.Tensors)
        {
            if (_parts.Contains(tensor.Name))
            {
                continue;
            }

            if (tensor.Name.Contains(PackedFormat.PartMark, StringComparison.Ordinal))
            {
                throw Error(tensor.Name, "it is part of a packed layer that the metadata do not describe.");
            }

            dense.Add(tensor);
        }

        if (_layers.Find(l => _file.TryFind(l.Name, out _)) is { } both)
        {
            throw Error(both.Name, "the file holds it dense and packed.");
        }

        DenseTensors = dense;
    }

    private NMSparseCheckpointException Error(string? key, string problem) => new(_file.Path, key, problem);
}
