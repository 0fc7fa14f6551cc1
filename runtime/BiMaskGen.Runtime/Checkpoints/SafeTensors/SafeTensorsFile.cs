using System.Buffers.Binary;

namespace BiMaskGen.Checkpoints;

/// <summary>
/// Reads safetensors files: eight bytes with the length of a JSON header, the header, the tensors' data without gaps. Everything that the
/// header says is checked before the file counts as open.
/// </summary>
public sealed class SafeTensorsFile : TensorFile
{
    /// <summary>Bytes of the header's length, which a file begins with.</summary>
    internal const int LengthBytes = sizeof(ulong);

    private SafeTensorsFile(MappedFile file, SafeTensorsHeader header)
        : base(file, header.Places, header.Metadata)
    {
    }

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The open file; dispose it to close it.</returns>
    /// <exception cref="NMSparseCheckpointException">The file is no safetensors file, or damaged.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static new SafeTensorsFile Open(string path)
    {
        MappedFile file = MappedFile.Open(path);
        try
        {
            return new SafeTensorsFile(file, SafeTensorsHeader.Read(file));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Whether a file begins as a safetensors file does.</summary>
    internal static bool LooksLikeOne(string path)
    {
        using FileStream stream = File.OpenRead(path);
        Span<byte> start = stackalloc byte[LengthBytes + 1];
        return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length
            && BinaryPrimitives.ReadUInt64LittleEndian(start) <= SafeTensorsHeader.MaxBytes
            && start[LengthBytes] == '{';
    }
}
