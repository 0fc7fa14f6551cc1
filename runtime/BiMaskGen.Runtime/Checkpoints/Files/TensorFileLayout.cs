namespace BiMaskGen.Checkpoints;

/// <summary>Where everything goes in a file to be written.</summary>
internal sealed class TensorFileLayout
{
    private readonly List<TensorPlace> _places = [];
    private readonly List<(byte[] Bytes, long Offset)> _frame = [];

    /// <summary>The tensors' data.</summary>
    public IReadOnlyList<TensorPlace> Places => _places;

    /// <summary>What stands around them.</summary>
    public IReadOnlyList<(byte[] Bytes, long Offset)> Frame => _frame;

    /// <summary>Bytes so far.</summary>
    public long Length { get; private set; }

    /// <summary>Refuses two tensors of one name.</summary>
    public static void CheckNames(string path, IEnumerable<TensorInfo> tensors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (TensorInfo tensor in tensors)
        {
            if (!names.Add(tensor.Name))
            {
                throw new NMSparseCheckpointException(path, tensor.Name, "two tensors of this name were to be written.");
            }
        }
    }

    public void Add(byte[] frame)
    {
        _frame.Add((frame, Length));
        Length = checked(Length + frame.Length);
    }

    public void Add(TensorInfo tensor)
    {
        _places.Add(new TensorPlace(tensor, Length));
        Length = checked(Length + tensor.ByteLength);
    }
}
