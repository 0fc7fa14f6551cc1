namespace BiMaskGen.Checkpoints;

/// <summary>
/// Writes a checkpoint tensor by tensor. All tensors are declared first; their data may then come in any order and in pieces, for different tensors
/// also at the same time. Nothing is seen under the file's name before <see cref="Commit"/>; disposed without it, the file stays as it was.
/// </summary>
public abstract class TensorFileWriter : IDisposable
{
    // RandomAccess takes spans, tensors may be longer.
    private const int Piece = 1 << 26;

    private readonly AtomicFile _file;
    private readonly Dictionary<string, Slot> _slots;
    private readonly bool _durable;
    private bool _committed;

    private protected TensorFileWriter(string path, TensorFileLayout layout, bool durable)
    {
        _slots = layout.Places.ToDictionary(p => p.Info.Name, p => new Slot(p), StringComparer.Ordinal);
        _durable = durable;
        _file = AtomicFile.Create(path, layout.Length);
        try
        {
            foreach ((byte[] bytes, long offset) in layout.Frame)
            {
                _file.Write(bytes, offset);
            }
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>The file.</summary>
    public string Path => _file.Path;

    /// <summary>Appends to a tensor's data.</summary>
    /// <param name="name">A declared tensor.</param>
    /// <param name="bytes">The next bytes of it, little-endian and row-major: all of them or a piece.</param>
    /// <exception cref="NMSparseCheckpointException">No such tensor was declared, or these are more bytes than it has.</exception>
    /// <exception cref="IOException">The disk cannot take them.</exception>
    /// <exception cref="ObjectDisposedException">The file was committed already.</exception>
    public void Write(string name, TensorView bytes)
    {
        ArgumentNullException.ThrowIfNull(name);
        ObjectDisposedException.ThrowIf(_committed, this);
        if (!_slots.TryGetValue(name, out Slot? slot))
        {
            throw new NMSparseCheckpointException(Path, name, "this tensor was not declared when the file was begun.");
        }

        if (bytes.Length > slot.Missing)
        {
            throw new NMSparseCheckpointException(
                Path,
                name,
                $"{bytes.Length} bytes more are too many: {slot.Missing} of the {slot.Place.Info.ByteLength} of {slot.Place.Info.Kind} are missing.");
        }

        for (long done = 0; done < bytes.Length;)
        {
            ReadOnlySpan<byte> piece = bytes.Span(done, (int)Math.Min(Piece, bytes.Length - done));
            _file.Write(piece, slot.Place.Offset + slot.Written);
            slot.Written += piece.Length;
            done += piece.Length;
        }
    }

    /// <summary>Gives the file its name, once every tensor is complete.</summary>
    /// <exception cref="NMSparseCheckpointException">Data are missing; nothing was changed.</exception>
    /// <exception cref="IOException">The file could not be brought to the disk or replaced.</exception>
    /// <exception cref="ObjectDisposedException">The file was committed already.</exception>
    public void Commit()
    {
        ObjectDisposedException.ThrowIf(_committed, this);
        foreach (Slot slot in _slots.Values)
        {
            if (slot.Missing != 0)
            {
                throw new NMSparseCheckpointException(
                    Path, slot.Place.Info.Name, $"only {slot.Written} of its {slot.Place.Info.ByteLength} bytes were written; the file was not changed.");
            }
        }

        _file.Commit(_durable);
        _committed = true;
    }

    /// <summary>Closes the file; without <see cref="Commit"/> what was written is dropped.</summary>
    public void Dispose()
    {
        _file.Dispose();
        GC.SuppressFinalize(this);
    }

    private sealed class Slot(TensorPlace place)
    {
        public TensorPlace Place { get; } = place;

        public long Written { get; set; }

        public long Missing => Place.Info.ByteLength - Written;
    }
}
