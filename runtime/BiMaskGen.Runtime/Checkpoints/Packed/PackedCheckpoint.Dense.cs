namespace BiMaskGen.Checkpoints;

public sealed partial class PackedCheckpoint
{
    private const int PieceBytes = 1 << 22;

    /// <summary>Writes all tensors dense, as safetensors: pruned entries as +0, all else bit by bit.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="durable">Whether to wait for the disk.</param>
    /// <exception cref="NMSparseCheckpointException">A layer's content is damaged; nothing was changed.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Densify(string path, bool durable = true)
    {
        using SafeTensorsWriter writer = SafeTensorsWriter.Create(path, [.. Layers.Select(l => l.Dense), .. DenseTensors], Metadata, durable);
        foreach (PackedLayerInfo layer in Layers)
        {
            WriteDense(Read(layer.Name), writer);
        }

        foreach (TensorInfo tensor in DenseTensors)
        {
            writer.Write(tensor.Name, ReadDense(tensor.Name));
        }

        writer.Commit();
    }

    /// <summary>Compares with the checkpoint that this one was made from.</summary>
    /// <param name="source">The dense checkpoint.</param>
    /// <returns>One entry per tensor here: the packed layers, then the others.</returns>
    /// <exception cref="NMSparseCheckpointException">A layer's content is damaged.</exception>
    public IReadOnlyList<TensorVerification> Verify(TensorFile source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return [.. Layers.Select(l => Verify(l, source)), .. DenseTensors.Select(t => Verify(t, source))];
    }

    private static void WriteDense(PackedLayer layer, SafeTensorsWriter writer)
    {
        int rowBytes = layer.InFeatures * layer.DType.Bytes(), rows = Math.Clamp(PieceBytes / rowBytes, 1, layer.OutFeatures);
        byte[] piece = new byte[rows * rowBytes];
        for (int row = 0; row < layer.OutFeatures; row += rows)
        {
            int count = Math.Min(rows, layer.OutFeatures - row);
            Span<byte> bytes = piece.AsSpan(0, count * rowBytes);
            layer.UnpackRows(row, count, bytes);
            writer.Write(layer.Name, bytes);
        }
    }

    private TensorVerification Verify(PackedLayerInfo info, TensorFile source)
    {
        string? problem = FindDifferentKind(info.Dense, source);
        if (problem is not null)
        {
            return new TensorVerification(info.Name, IsPacked: true, 0, problem);
        }

        PackedLayer layer = Read(info.Name);
        TensorView dense = source.View(info.Name);
        PackedLayer again = PackedLayer.Pack(info, dense, layer.MakeForwardMask(), layer.RowPermutation, layer.ChannelOrder);
        long changed = CountChanged(layer.KeptValues, again.KeptValues, info.DType.Bytes());
        if (!layer.SourceHash.SequenceEqual(again.SourceHash))
        {
            problem = "it was not made from this tensor (SHA-256 differs).";
        }
        else if (changed > 0 && info.Score != KeptScore.SparseGPT)
        {
            problem = $"{changed} of its kept values are not the tensor's.";
        }

        return new TensorVerification(info.Name, IsPacked: true, changed, problem);
    }

    private TensorVerification Verify(TensorInfo info, TensorFile source)
    {
        string? problem = FindDifferentKind(info, source);
        if (problem is null && !AreSame(ReadDense(info.Name), source.View(info.Name)))
        {
            problem = "its bytes differ.";
        }

        return new TensorVerification(info.Name, IsPacked: false, 0, problem);
    }

    private static string? FindDifferentKind(TensorInfo info, TensorFile source) =>
        !source.TryFind(info.Name, out TensorInfo? there) ? $"{source.Path} has no such tensor."
        : !there.Is(info.DType, info.Shape.AsSpan()) ? $"it is {info.Kind}, in {source.Path} {there.Kind}."
        : null;

    /// <summary>Counts the values that differ. A stored +0 may stand for a pruned entry in a group that keeps fewer than N: it counts for none.</summary>
    private static long CountChanged(ReadOnlySpan<byte> stored, ReadOnlySpan<byte> source, int size)
    {
        long changed = 0;
        for (int same; (same = stored.CommonPrefixLength(source)) < stored.Length;)
        {
            int at = same / size * size;
            changed += stored.Slice(at, size).ContainsAnyExcept((byte)0) ? 1 : 0;
            stored = stored[(at + size)..];
            source = source[(at + size)..];
        }

        return changed;
    }

    private static bool AreSame(TensorView a, TensorView b)
    {
        for (long done = 0; done < a.Length; done += PieceBytes)
        {
            int piece = (int)Math.Min(PieceBytes, a.Length - done);
            if (!a.Span(done, piece).SequenceEqual(b.Span(done, piece)))
            {
                return false;
            }
        }

        return true;
    }
}
