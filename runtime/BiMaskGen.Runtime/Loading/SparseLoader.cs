using BiMaskGen.Checkpoints;

namespace BiMaskGen.Loading;

/// <summary>Loads a packed checkpoint into a model: everything is checked, contents too, before anything of the model changes.</summary>
internal sealed class SparseLoader
{
    private const int ShownKeys = 5;

    private readonly PackedCheckpoint _file;
    private readonly INMSparseModel _model;
    private readonly bool _inference;
    private readonly Dictionary<string, SparseLayer> _sparse;
    private readonly IReadOnlyDictionary<string, IModelTensor> _tensors;
    private readonly List<(SparseLayer Layer, string Key)> _packed = [];
    private readonly List<(IModelTensor Tensor, string Key, DType Type)> _dense = [];
    private readonly List<(SparseLayer Layer, string Key)> _permuted = [];

    private SparseLoader(PackedCheckpoint file, INMSparseModel model, SparseLoad load)
    {
        _file = file;
        _model = model;
        _inference = load == SparseLoad.Inference;
        _tensors = model.Access.ReadState();
        _sparse = model.SparseLayers.ToDictionary(l => l.Name + ".weight", l => l.Layer, StringComparer.Ordinal);
    }

    /// <summary>Loads.</summary>
    public static void Run(INMSparseModel model, string path, SparseLoad load, bool strict)
    {
        using PackedCheckpoint file = PackedCheckpoint.Open(path);
        SparseLoader loader = new(file, model, load);
        loader.CheckKeys(strict);
        loader.Plan();
        loader.CheckContents();
        loader.Apply();
    }

    private IEnumerable<TensorInfo> Stored => _file.Layers.Select(l => l.Dense).Concat(_file.DenseTensors);

    private void CheckKeys(bool strict)
    {
        HashSet<string> stored = [.. Stored.Select(t => t.Name)];
        string[] missing = [.. _tensors.Keys.Where(k => !stored.Contains(k))], unknown = [.. stored.Where(k => !_tensors.ContainsKey(k))];
        if (strict && missing.Length + unknown.Length > 0)
        {
            throw new NMSparseCheckpointException(
                _file.Path, null, $"{Say(missing, "the model's", "the file lacks")}{Say(unknown, "the file's", "the model does not have")}With strict: false the others are loaded.");
        }
    }

    private static string Say(string[] keys, string whose, string what) => keys.Length == 0
        ? ""
        : $"{what} {keys.Length} of {whose} tensors: {string.Join(", ", keys.Take(ShownKeys).Select(NMSparseCheckpointException.Shown))}{(keys.Length > ShownKeys ? ", …" : "")}. ";

    private void Plan()
    {
        Dictionary<object, string> seen = new(ReferenceEqualityComparer.Instance);

        // Of layers over one weight the one that has a sparse side comes first.
        foreach (TensorInfo stored in Stored.Where(t => _tensors.ContainsKey(t.Name)).OrderBy(t => !_sparse.ContainsKey(t.Name)))
        {
            IModelTensor tensor = _tensors[stored.Name];
            DType type = CheckKind(stored, tensor);
            if (!seen.TryAdd(tensor.Identity, stored.Name))
            {
                CheckTied(seen[tensor.Identity], stored.Name);
            }
            else if (_file.TryFind(stored.Name, out PackedLayerInfo? packed) && _sparse.TryGetValue(stored.Name, out SparseLayer? layer))
            {
                CheckLayer(packed, layer);
                (_inference ? _packed : _permuted).Add((layer, stored.Name));
                if (!_inference)
                {
                    _dense.Add((tensor, stored.Name, type));
                }
            }
            else
            {
                _dense.Add((tensor, stored.Name, type));
            }
        }
    }

    private DType CheckKind(TensorInfo stored, IModelTensor tensor)
    {
        if (!stored.Shape.AsSpan().SequenceEqual(tensor.Shape))
        {
            throw Error(stored.Name, $"the file has {stored.Kind}, the model [{string.Join(", ", tensor.Shape)}].");
        }

        return DatTypes.TryParse(tensor.ScalarType, out DType type)
            && (type == stored.DType || (TensorConversion.IsSupported(type) && TensorConversion.IsSupported(stored.DType)))
            ? type
            : throw Error(stored.Name, $"the file has {stored.Kind}, which does not convert to the type of the model's tensor (torch number {tensor.ScalarType}).");
    }

    private void CheckLayer(PackedLayerInfo packed, SparseLayer layer)
    {
        if (packed.Pattern != layer.Pattern)
        {
            throw Error(packed.Name, $"the file has {packed.Pattern}, the layer {layer.Name} is {layer.Pattern}: change the attribute, or sparsify the checkpoint anew.");
        }

        if (layer.Method == SparseMethod.Continuous && _inference)
        {
            throw Error(packed.Name, $"the layer {layer.Name} computes with soft-thresholded weights, the file has the weights themselves: load the dense weights and the sparse state, then call ReleaseDense().");
        }

        if (packed.HasChannelOrder && !_inference)
        {
            throw Error(packed.Name, "it was pruned along a searched order of the input channels, which training knows nothing of: its masks would take other weights. Sparsify without that order, or load for inference.");
        }
    }

    private void CheckTied(string one, string other)
    {
        bool bothPacked = _file.TryFind(one, out PackedLayerInfo? _) & _file.TryFind(other, out PackedLayerInfo? _);
        if (bothPacked)
        {
            PackedLayer a = _file.Read(one), b = _file.Read(other);
            bothPacked = a.Pattern == b.Pattern && a.DType == b.DType && a.KeptValues.SequenceEqual(b.KeptValues) && a.Indices.SequenceEqual(b.Indices)
                && a.ChannelOrder.SequenceEqual(b.ChannelOrder);
        }
        else if (_file.DenseTensors.Count(t => t.Name == one || t.Name == other) == 2)
        {
            bothPacked = _file.ReadDense(one).AsSpan().SequenceEqual(_file.ReadDense(other).AsSpan());
        }

        if (!bothPacked)
        {
            throw Error(other, $"in the model it is one tensor with {one}; in the file they differ.");
        }
    }

    // A layer's content is checked when it is read. What is read here is dropped again: memory holds one layer at a time.
    private void CheckContents()
    {
        foreach (PackedLayerInfo info in _file.Layers.Where(l => _tensors.ContainsKey(l.Name)))
        {
            PackedLayer layer = _file.Read(info.Name);
            if (_sparse.ContainsKey(info.Name))
            {
                layer.CheckFinite();
            }
        }

        foreach ((SparseLayer layer, _) in _packed)
        {
            layer.DenseWeight.CheckReplace(_model);
        }
    }

    private void Apply()
    {
        foreach ((IModelTensor tensor, string key, DType type) in _dense)
        {
            tensor.Write(bytes => Fill(key, type, bytes));
        }

        foreach ((SparseLayer layer, string key) in _permuted)
        {
            layer.SetPermutation(_file.Read(key).RowPermutation);
        }

        if (_inference)
        {
            _model.Access.Evaluate();
            foreach ((SparseLayer layer, string key) in _packed)
            {
                layer.DenseWeight.Replace(_file.Read(key));
            }
        }
    }

    private void Fill(string key, DType type, Span<byte> bytes)
    {
        if (_file.TryFind(key, out PackedLayerInfo? info))
        {
            PackedLayer layer = _file.Read(key);
            if (info.DType == type)
            {
                layer.Unpack(bytes);
                return;
            }

            float[] single = GC.AllocateUninitializedArray<float>(layer.OutFeatures * layer.InFeatures);
            layer.UnpackSingle(single);
            TensorConversion.FromSingle(type, single, bytes);
            return;
        }

        ReadOnlySpan<byte> stored = _file.ReadDense(key).AsSpan();
        DType from = _file.DenseTensors.First(t => t.Name == key).DType;
        if (from == type)
        {
            stored.CopyTo(bytes);
        }
        else
        {
            float[] single = GC.AllocateUninitializedArray<float>(stored.Length / from.Bytes());
            TensorConversion.ToSingle(from, stored, single);
            TensorConversion.FromSingle(type, single, bytes);
        }
    }

    private NMSparseCheckpointException Error(string key, string problem) => new(_file.Path, key, problem);
}
