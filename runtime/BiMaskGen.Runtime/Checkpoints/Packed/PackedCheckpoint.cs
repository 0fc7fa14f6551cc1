using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace BiMaskGen.Checkpoints;

/// <summary>
/// Reads packed checkpoints (docs/format.md). What the file says about its layers is checked when it is opened, a layer's content when it is
/// read; one layer at a time is in memory.
/// </summary>
public sealed partial class PackedCheckpoint : IDisposable
{
    private readonly SafeTensorsFile _file;
    private readonly Dictionary<string, PackedLayerInfo> _layers;

    private PackedCheckpoint(SafeTensorsFile file)
    {
        _file = file;
        PackedIndex index = PackedIndex.Of(file);
        Layers = index.Layers;
        DenseTensors = index.DenseTensors;
        Metadata = index.Metadata;
        _layers = Layers.ToDictionary(l => l.Name, StringComparer.Ordinal);
    }

    /// <summary>The file.</summary>
    public string Path => _file.Path;

    /// <summary>The packed layers, by name.</summary>
    public IReadOnlyList<PackedLayerInfo> Layers { get; }

    /// <summary>The tensors that are stored as they are.</summary>
    public IReadOnlyList<TensorInfo> DenseTensors { get; }

    /// <summary>Text that the file carries beside the tensors, without the format's own.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The open file; dispose it to close it.</returns>
    /// <exception cref="NMSparseCheckpointException">The file is no packed checkpoint, of a version or kind that is not known, or damaged.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static PackedCheckpoint Open(string path)
    {
        SafeTensorsFile file = SafeTensorsFile.Open(path);
        try
        {
            return new PackedCheckpoint(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Whether a checkpoint is a packed one, of whatever version.</summary>
    /// <param name="file">An open checkpoint.</param>
    public static bool IsPacked(TensorFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return file.Metadata.ContainsKey(PackedFormat.NameKey);
    }

    /// <summary>Looks for a packed layer.</summary>
    /// <param name="name">The key of the dense tensor, "fc1.weight".</param>
    /// <param name="layer">The layer, or null.</param>
    /// <returns>Whether it is there.</returns>
    public bool TryFind(string name, [NotNullWhen(true)] out PackedLayerInfo? layer) => _layers.TryGetValue(name, out layer);

    /// <summary>Reads a packed layer.</summary>
    /// <param name="name">The key of the dense tensor, "fc1.weight".</param>
    /// <returns>The layer, its content checked.</returns>
    /// <exception cref="NMSparseCheckpointException">There is none of this name, or its content is damaged.</exception>
    public PackedLayer Read(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!_layers.TryGetValue(name, out PackedLayerInfo? info))
        {
            throw new NMSparseCheckpointException(Path, name, TensorNames.Missing(name, _layers.Keys));
        }

        byte[] values = Part(PackedFormat.Values).AsSpan().ToArray();
        byte[] indices = Part(PackedFormat.Indices).AsSpan().ToArray();
        int[] rowPermutation = info.HasRowPermutation ? Part(PackedFormat.RowPermutation).AsSpan<int>().ToArray() : [];
        int[] channelOrder = info.HasChannelOrder ? Part(PackedFormat.ChannelOrder).AsSpan<int>().ToArray() : [];
        ReadOnlySpan<byte> hashes = Part(PackedFormat.Hashes).AsSpan();
        (PackedLayer? layer, string? problem) =
            PackedLayer.TryCreate(info, values, indices, rowPermutation, channelOrder, hashes[..LayerDigest.Bytes].ToArray());
        if (layer is null)
        {
            throw new NMSparseCheckpointException(Path, name, problem!);
        }

        byte[] content = LayerDigest.OfContent(_file.Metadata[$"{PackedFormat.LayerPrefix}{name}"], layer);
        return hashes[LayerDigest.Bytes..].SequenceEqual(content)
            ? layer
            : throw new NMSparseCheckpointException(Path, name, "its content is not what was written (SHA-256 differs): the file is damaged, make it anew.");

        TensorView Part(string part) => _file.View(PackedFormat.Key(name, part));
    }

    /// <summary>The bytes of a tensor that is stored as it is, valid until this object is disposed.</summary>
    /// <param name="name">Its key.</param>
    /// <exception cref="NMSparseCheckpointException">There is none of this name.</exception>
    public TensorView ReadDense(string name) => _file.View(name);

    /// <summary>Closes the file. Views of its tensors must not be used any more.</summary>
    public void Dispose() => _file.Dispose();
}
