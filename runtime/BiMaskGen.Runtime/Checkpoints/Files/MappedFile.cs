using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace BiMaskGen.Checkpoints;

/// <summary>
/// A file as memory: pages come in as they are read and go when memory is short, so that a checkpoint may be larger than memory.
/// Without a finalizer on purpose: views do not keep the object alive, and a leaked mapping is better than one that goes under a reader.
/// A file must not be shortened in place while it is mapped; writers of this library replace files instead.
/// </summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile? _file;
    private readonly MemoryMappedViewAccessor? _view;
    private byte* _start;
    private bool _disposed;

    private MappedFile(string path)
    {
        Path = path;
        using SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        Length = RandomAccess.GetLength(handle);
        if (Length == 0)
        {
            // There is no mapping of nothing.
            return;
        }

        _file = MemoryMappedFile.CreateFromFile(handle, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        _view = _file.CreateViewAccessor(0, Length, MemoryMappedFileAccess.Read);
        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        _start = start + _view.PointerOffset;
    }

    public string Path { get; }

    public long Length { get; }

    /// <exception cref="IOException">The file cannot be opened or mapped.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a folder.</exception>
    public static MappedFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new MappedFile(path);
    }

    /// <summary>Some of the file.</summary>
    public TensorView View(long offset, long length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new TensorView(_start, Length).Slice(offset, length);
    }

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        if (_start != null)
        {
            _start = null;
            _view!.SafeMemoryMappedViewHandle.ReleasePointer();
        }

        _view?.Dispose();
        _file?.Dispose();
    }
}
