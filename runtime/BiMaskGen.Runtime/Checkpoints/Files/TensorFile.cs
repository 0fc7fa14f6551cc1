using System.Diagnostics.CodeAnalysis;

namespace BiMaskGen.Checkpoints;

/// <summary>
/// A checkpoint on disk, open for reading: its tensors are known and checked, their bytes are mapped and come in when they are read. Reading from
/// several threads is fine; disposing while somebody reads is not.
/// </summary>
public abstract class TensorFile : IDisposable
{
    private readonly MappedFile _file;
    private readonly Dictionary<string, TensorPlace> _places;

    private protected TensorFile(MappedFile file, IReadOnlyList<TensorPlace> places, IReadOnlyDictionary<string, string> metadata)
    {
        _file = file;
        _places = places.ToDictionary(p => p.Info.Name, StringComparer.Ordinal);
        Tensors = [.. places.Select(p => p.Info)];
        Metadata = metadata;
    }

    /// <summary>The file.</summary>
    public string Path => _file.Path;

    /// <summary>Its tensors, in the order of their data.</summary>
    public IReadOnlyList<TensorInfo> Tensors { get; }

    /// <summary>Text that the file carries beside the tensors; empty for formats without any.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>A tensor by its key.</summary>
    /// <exception cref="NMSparseCheckpointException">There is none.</exception>
    public TensorInfo this[string name] => Place(name).Info;

    /// <summary>
    /// Opens a checkpoint of any kind that is known: by its ending (.safetensors, .dat), else by what it begins with.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <returns>The open file; dispose it to close it.</returns>
    /// <exception cref="NMSparseCheckpointException">The file is damaged.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static TensorFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        bool isDat = System.IO.Path.GetExtension(path) switch
        {
            ".safetensors" => false,
            ".dat" => true,
            _ => !SafeTensorsFile.LooksLikeOne(path),
        };
        return isDat ? DatFile.Open(path) : SafeTensorsFile.Open(path);
    }

    /// <summary>Looks for a tensor.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="tensor">Its type and shape, or null.</param>
    /// <returns>Whether it is there.</returns>
    public bool TryFind(string name, [NotNullWhen(true)] out TensorInfo? tensor)
    {
        ArgumentNullException.ThrowIfNull(name);
        tensor = _places.TryGetValue(name, out TensorPlace place) ? place.Info : null;
        return tensor is not null;
    }

    /// <summary>The bytes of a tensor, little-endian and row-major, valid until this object is disposed.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="NMSparseCheckpointException">There is no such tensor.</exception>
    public TensorView View(string name)
    {
        TensorPlace place = Place(name);
        return _file.View(place.Offset, place.Info.ByteLength);
    }

    /// <summary>Closes the file. Views of its tensors must not be used any more.</summary>
    public void Dispose()
    {
        _file.Dispose();
        GC.SuppressFinalize(this);
    }

    private TensorPlace Place(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _places.TryGetValue(name, out TensorPlace place)
            ? place
            : throw new NMSparseCheckpointException(Path, name, TensorNames.Missing(name, _places.Keys));
    }
}
