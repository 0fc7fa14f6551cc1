using System.Security.Cryptography;
using System.Text;
using BiMaskGen.Checkpoints;

namespace BiMaskGen.Kernels.Cuda;

/// <summary>
/// Compiled kernels on disk, one file each, named by a hash of all that they depend on. A file begins with a mark and the hash of what follows;
/// one that does not agree with itself counts as absent. Several processes may use a folder: files appear whole or not at all.
/// </summary>
/// <param name="folder">The folder; made when something is written.</param>
internal sealed class CubinCache(string folder)
{
    private static ReadOnlySpan<byte> Mark => "NMSCUBIN"u8;

    /// <summary>The environment variable that names the folder.</summary>
    public const string Variable = "BIMASK_KERNEL_CACHE";

    /// <summary>The user's cache.</summary>
    public static CubinCache Default => new(DefaultFolder());

    /// <summary>The folder.</summary>
    public string Folder { get; } = folder;

    /// <summary>The key of a cubin.</summary>
    /// <param name="parts">All that it depends on, in a fixed order.</param>
    public static string Key(params ReadOnlySpan<string> parts)
    {
        // With their lengths, so that no two lists of parts read the same.
        StringBuilder all = new();
        foreach (string part in parts)
        {
            all.Append(part.Length).Append(':').Append(part);
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all.ToString())));
    }

    /// <summary>A cubin, or null if it is not there, cannot be read or is damaged.</summary>
    public byte[]? TryRead(string key)
    {
        try
        {
            byte[] file = File.ReadAllBytes(PathOf(key));
            int head = Mark.Length + SHA256.HashSizeInBytes;
            return file.Length > head && file.AsSpan().StartsWith(Mark)
                && SHA256.HashData(file.AsSpan(head)).AsSpan().SequenceEqual(file.AsSpan(Mark.Length, SHA256.HashSizeInBytes))
                ? file[head..]
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Keeps a cubin. A folder that cannot be written costs a compilation in the next process, nothing else.</summary>
    /// <returns>Whether it was written.</returns>
    public bool TryWrite(string key, ReadOnlySpan<byte> cubin)
    {
        try
        {
            Directory.CreateDirectory(Folder);
            using AtomicFile file = AtomicFile.Create(PathOf(key));
            file.Write(Mark, 0);
            file.Write(SHA256.HashData(cubin), Mark.Length);
            file.Write(cubin, Mark.Length + SHA256.HashSizeInBytes);
            file.Commit(durable: false);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The file of a key.</summary>
    internal string PathOf(string key) => Path.Combine(Folder, $"{key}.cubin");

    private static string DefaultFolder()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
        {
            return named;
        }

        string root = OperatingSystem.IsWindows()
            ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
                ? cache
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Path.Combine(root, "bimask", "kernels");
    }
}
