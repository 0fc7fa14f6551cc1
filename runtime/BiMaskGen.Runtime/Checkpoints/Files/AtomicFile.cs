using Microsoft.Win32.SafeHandles;

namespace BiMaskGen.Checkpoints;

/// <summary>
/// Writes a file so that its name always stands for a whole one: the draft lies in the same folder and takes the name when it is complete.
/// Disposed before <see cref="Commit"/>, it leaves what was there. A draft that a killed process left is removed by the next write of
/// the same file (<see cref="LeftDrafts"/>).
/// </summary>
internal sealed class AtomicFile : IDisposable
{
    private const int Attempts = 3;

    private readonly string _target;
    private readonly string _draft;
    private bool _done;

    private AtomicFile(string path, string target, string draft, SafeFileHandle handle)
    {
        Path = path;
        _target = target;
        _draft = draft;
        Handle = handle;
    }

    /// <summary>The file as the caller named it.</summary>
    public string Path { get; }

    private SafeFileHandle Handle { get; }

    /// <summary>Opens a draft beside the file.</summary>
    /// <param name="path">The file to write; a symbolic link stays one.</param>
    /// <param name="length">Bytes to reserve, so that a full disk is found out before anything is computed.</param>
    /// <exception cref="IOException">The folder is not there, or the disk is full.</exception>
    public static AtomicFile Create(string path, long length = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string target = System.IO.Path.GetFullPath(path);
        if (new FileInfo(target).LinkTarget is not null)
        {
            target = File.ResolveLinkTarget(target, returnFinalTarget: true)!.FullName;
        }

        LeftDrafts.Remove(target);
        for (int attempt = 1; ; attempt++)
        {
            string draft = LeftDrafts.NewName(target);
            try
            {
                SafeFileHandle handle = File.OpenHandle(draft, FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.None, length);
                return new AtomicFile(path, target, draft, handle);
            }
            catch (IOException e) when (attempt < Attempts && e is not DirectoryNotFoundException)
            {
                // Another writer may have taken the new draft for a left one, in the moment before it was locked.
            }
        }
    }

    /// <summary>Writes bytes at a place. Calls for different places may run at the same time.</summary>
    public void Write(ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(Handle, bytes, offset);

    /// <summary>Puts the draft in the file's place.</summary>
    /// <param name="durable">Whether to wait until the disk has it: then the old or the new file survives a power failure too.</param>
    public void Commit(bool durable)
    {
        if (!OperatingSystem.IsWindows() && File.Exists(_target))
        {
            File.SetUnixFileMode(Handle, File.GetUnixFileMode(_target));
        }

        if (durable)
        {
            RandomAccess.FlushToDisk(Handle);
        }

        // Closed first: under its new name the file must be free for readers at once.
        Handle.Dispose();
        File.Move(_draft, _target, overwrite: true);
        _done = true;
        if (durable)
        {
            FolderSync.Flush(System.IO.Path.GetDirectoryName(_target)!);
        }
    }

    /// <summary>Closes the file, and removes the draft if it was not committed.</summary>
    public void Dispose()
    {
        Handle.Dispose();
        if (!_done)
        {
            _done = true;
            File.Delete(_draft);
        }
    }
}
