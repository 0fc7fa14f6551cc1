using System.Runtime.InteropServices;

namespace BiMaskGen.Checkpoints;

/// <summary>Brings the names in a folder to the disk, which .NET has no call for. Windows does so with the rename.</summary>
internal static partial class FolderSync
{
    private const int ReadOnly = 0;

    /// <summary>Flushes the folder; file systems that cannot are none the worse.</summary>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int descriptor = Open(folder, ReadOnly);
        if (descriptor >= 0)
        {
            _ = Fsync(descriptor);
            _ = Close(descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
