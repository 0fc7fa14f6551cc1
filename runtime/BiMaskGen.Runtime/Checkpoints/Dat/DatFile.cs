namespace BiMaskGen.Checkpoints;

/// <summary>
/// Reads the files of TorchSharp's <c>Module.save</c>: the number of tensors, then for each its key (length and UTF-8), the number of its
/// scalar type, its rank and dimensions, all integers in LEB128, and its bytes. The format has no marks and no checksums: a file is taken for
/// one if every tensor fits and the last one ends where the file does.
/// </summary>
public sealed class DatFile : TensorFile
{
    private DatFile(MappedFile file, IReadOnlyList<TensorPlace> places)
        : base(file, places, new Dictionary<string, string>())
    {
    }

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The open file; dispose it to close it.</returns>
    /// <exception cref="NMSparseCheckpointException">The file is none of TorchSharp's, or damaged.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static new DatFile Open(string path)
    {
        MappedFile file = MappedFile.Open(path);
        try
        {
            return new DatFile(file, new DatReader(file).Read());
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
