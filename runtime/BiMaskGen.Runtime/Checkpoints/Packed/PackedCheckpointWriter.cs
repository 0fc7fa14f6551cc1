using System.Runtime.InteropServices;

namespace BiMaskGen.Checkpoints;

/// <summary>
/// Writes packed checkpoints, layer by layer: all layers and dense tensors are declared first, their data may then come in any order, for different
/// layers also at the same time. Nothing is seen under the file's name before <see cref="Commit"/>.
/// </summary>
public sealed class PackedCheckpointWriter : IDisposable
{
    private readonly SafeTensorsWriter _writer;
    private readonly Dictionary<string, PackedLayerInfo> _layers;

    private PackedCheckpointWriter(SafeTensorsWriter writer, IEnumerable<PackedLayerInfo> layers)
    {
        _writer = writer;
        _layers = layers.ToDictionary(l => l.Name, StringComparer.Ordinal);
    }

    /// <summary>Begins a file.</summary>
    /// <param name="path">The file; what is there stays until <see cref="Commit"/>.</param>
    /// <param name="layers">All packed layers that it will hold, with the permutations that they will have.</param>
    /// <param name="dense">All other tensors.</param>
    /// <param name="metadata">Text to carry beside them; keys that begin with "nms." belong to the format.</param>
    /// <param name="durable">Whether <see cref="Commit"/> waits for the disk.</param>
    /// <returns>The open draft; without a <c>Commit</c> it leaves nothing behind.</returns>
    /// <exception cref="NMSparseCheckpointException">A layer that cannot be packed, two tensors of one name, or a reserved name.</exception>
    /// <exception cref="IOException">The file cannot be made, or the disk has no room for it.</exception>
    public static PackedCheckpointWriter Create(
        string path,
        IEnumerable<PackedLayerInfo> layers,
        IEnumerable<TensorInfo> dense,
        IReadOnlyDictionary<string, string>? metadata = null,
        bool durable = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentNullException.ThrowIfNull(dense);
        List<PackedLayerInfo> packed = [.. layers];
        List<TensorInfo> plain = [.. dense];
        Check(path, packed, plain, metadata);
        var all = new Dictionary<string, string>(metadata ?? new Dictionary<string, string>(), StringComparer.Ordinal)
        {
            [PackedFormat.NameKey] = PackedFormat.Name,
            [PackedFormat.VersionKey] = PackedFormat.Version,
        };
        foreach (PackedLayerInfo layer in packed)
        {
            all.Add($"{PackedFormat.LayerPrefix}{layer.Name}", PackedFormat.Describe(layer));
        }

        return new PackedCheckpointWriter(
            SafeTensorsWriter.Create(path, [.. packed.SelectMany(PackedFormat.Parts), .. plain], all, durable), packed);
    }

    /// <summary>Writes a layer.</summary>
    /// <param name="layer">A declared layer.</param>
    /// <exception cref="NMSparseCheckpointException">It is not what was declared, or was written before.</exception>
    /// <exception cref="IOException">The disk cannot take it.</exception>
    public void Write(PackedLayer layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        if (!_layers.TryGetValue(layer.Name, out PackedLayerInfo? declared) || declared != layer.Info)
        {
            throw new NMSparseCheckpointException(
                _writer.Path,
                layer.Name,
                declared is null ? "this layer was not declared when the file was begun." : $"{layer.Info} was declared as {declared}.");
        }

        byte[] content = LayerDigest.OfContent(PackedFormat.Describe(layer.Info), layer);
        Part(PackedFormat.Values, layer.KeptValues);
        Part(PackedFormat.Indices, layer.Indices);
        Part(PackedFormat.Hashes, (byte[])[.. layer.SourceHash, .. content]);
        if (layer.Info.HasRowPermutation)
        {
            Part(PackedFormat.RowPermutation, MemoryMarshal.AsBytes(layer.RowPermutation));
        }

        if (layer.Info.HasChannelOrder)
        {
            Part(PackedFormat.ChannelOrder, MemoryMarshal.AsBytes(layer.ChannelOrder));
        }

        void Part(string part, ReadOnlySpan<byte> bytes) => _writer.Write(PackedFormat.Key(layer.Name, part), bytes);
    }

    /// <summary>Appends to the data of a tensor that stays dense.</summary>
    /// <param name="name">A declared tensor.</param>
    /// <param name="bytes">All of its bytes or the next piece.</param>
    /// <exception cref="NMSparseCheckpointException">No such tensor was declared, or these are more bytes than it has.</exception>
    /// <exception cref="IOException">The disk cannot take them.</exception>
    public void WriteDense(string name, TensorView bytes) => _writer.Write(name, bytes);

    /// <summary>Gives the file its name, once every layer and tensor is complete.</summary>
    /// <exception cref="NMSparseCheckpointException">Data are missing; nothing was changed.</exception>
    /// <exception cref="IOException">The file could not be brought to the disk or replaced.</exception>
    public void Commit() => _writer.Commit();

    /// <summary>Closes the file; without <see cref="Commit"/> what was written is dropped.</summary>
    public void Dispose() => _writer.Dispose();

    private static void Check(string path, List<PackedLayerInfo> layers, List<TensorInfo> dense, IReadOnlyDictionary<string, string>? metadata)
    {
        foreach (PackedLayerInfo layer in layers)
        {
            CheckName(layer.Name);
            if (layer.FindProblem() is { } problem)
            {
                throw new NMSparseCheckpointException(path, layer.Name, problem);
            }
        }

        // A layer stands for the dense tensor of its name, so that one name for both would be two tensors.
        TensorFileLayout.CheckNames(path, layers.Select(l => l.Dense).Concat(dense));
        dense.ForEach(t => CheckName(t.Name));
        if (metadata?.Keys.FirstOrDefault(k => k.StartsWith(PackedFormat.Prefix, StringComparison.Ordinal)) is { } key)
        {
            throw new NMSparseCheckpointException(path, key, $"metadata that begin with '{PackedFormat.Prefix}' belong to the packed format: rename them.");
        }

        void CheckName(string name)
        {
            if (name.Contains(PackedFormat.PartMark, StringComparison.Ordinal))
            {
                throw new NMSparseCheckpointException(path, name, $"names with '{PackedFormat.PartMark}' belong to the packed format: rename the tensor.");
            }
        }
    }
}
