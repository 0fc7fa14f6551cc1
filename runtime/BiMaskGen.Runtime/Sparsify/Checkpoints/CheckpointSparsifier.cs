using System.Diagnostics;
using System.Security.Cryptography;
using BiMaskGen.Checkpoints;
using BiMaskGen.Permutations;

namespace BiMaskGen.Sparsify;

/// <summary>
/// Turns a dense checkpoint into a packed sparse one, layer by layer: what is in memory is one layer at work and one that is being written,
/// however large the checkpoint is.
/// </summary>
public static class CheckpointSparsifier
{
    private const int HashPiece = 1 << 26;

    /// <summary>Prunes and packs the targets; all other tensors go over bit by bit.</summary>
    /// <param name="source">The dense checkpoint.</param>
    /// <param name="targets">The tensors to prune, each once.</param>
    /// <param name="output">The packed file to write; what is there stays until all is done.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told of each layer, in the order of the checkpoint.</param>
    /// <param name="cancellation">Stops between two layers.</param>
    /// <returns>The layers, in the order of the checkpoint.</returns>
    /// <exception cref="NMSparseCheckpointException">A target is not in the checkpoint or cannot be packed.</exception>
    /// <exception cref="NMSparseShapeException">A target is no matrix [out_features, in_features].</exception>
    /// <exception cref="NMSparseTypeException">A target holds no floats.</exception>
    /// <exception cref="NMSparseCalibrationException">The method needs calibration data that are missing or do not fit.</exception>
    /// <exception cref="NMSparseValueException">A target holds a NaN or an infinity.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; nothing was changed.</exception>
    public static IReadOnlyList<SparsifiedTensor> Run(
        TensorFile source,
        IReadOnlyList<SparsifyTarget> targets,
        string output,
        SparsifyOptions? options = null,
        Action<SparsifiedTensor>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(targets);
        options ??= new SparsifyOptions();
        Dictionary<string, PackedLayerInfo> layers = targets.Select(t => Declare(source, t, options)).ToDictionary(l => l.Name, StringComparer.Ordinal);
        var metadata = source.Metadata.Concat(options.Metadata).GroupBy(m => m.Key).ToDictionary(g => g.Key, g => g.Last().Value);
        List<TensorInfo> dense = [.. source.Tensors.Where(t => !layers.ContainsKey(t.Name))];
        using PackedCheckpointWriter writer = PackedCheckpointWriter.Create(output, layers.Values, dense, metadata, options.Durable);

        List<SparsifiedTensor> done = [];
        using LayerQueue queue = new(writer);
        foreach (TensorInfo tensor in source.Tensors)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!layers.TryGetValue(tensor.Name, out PackedLayerInfo? layer))
            {
                queue.WriteDense(tensor.Name, source);
                continue;
            }

            long start = Stopwatch.GetTimestamp();
            (PackedLayer packed, KeptShares kept) = Prune(source, layer, options);
            queue.Write(packed);
            done.Add(new SparsifiedTensor(layer, kept, Stopwatch.GetElapsedTime(start)));
            progress?.Invoke(done[^1]);
        }

        queue.Finish();
        cancellation.ThrowIfCancellationRequested();
        writer.Commit();
        return done;
    }

    /// <summary>What a target will be in the file; checks all that can be known without its data.</summary>
    private static PackedLayerInfo Declare(TensorFile source, SparsifyTarget target, SparsifyOptions options)
    {
        TensorInfo tensor = source[target.Key];
        if (tensor.Shape.Length != 2 || tensor.Shape.Any(d => d is < 1 or > int.MaxValue))
        {
            throw new NMSparseShapeException(target.Key, $"{tensor.Kind} is no weight [out_features, in_features] of a linear layer.");
        }

        if (!TensorConversion.IsSupported(tensor.DType))
        {
            throw new NMSparseTypeException(target.Key, $"{tensor.Kind}: only floating-point weights can be pruned; keep it dense.");
        }

        return new PackedLayerInfo
        {
            Name = target.Key,
            DType = tensor.DType,
            OutFeatures = (int)tensor.Shape[0],
            InFeatures = (int)tensor.Shape[1],
            Pattern = target.Pattern,
            Method = target.Method,
            Score = options.Score,
            HasRowPermutation = options.Search != PermutationSearch.Identity,
            HasChannelOrder = options.PermuteChannels,
        };
    }

    private static (PackedLayer Layer, KeptShares Kept) Prune(TensorFile source, PackedLayerInfo layer, SparsifyOptions options)
    {
        TensorView view = source.View(layer.Name);
        ReadOnlySpan<float> weight = layer.DType == DType.F32 ? view.AsSpan<float>() : Single(layer, view);
        CalibrationStatistics? calibration = options is { Calibration: { } file, Method: not PruningMethod.Magnitude }
            ? CalibrationFile.Read(file, layer.Name, layer.InFeatures, options.Method == PruningMethod.SparseGpt)
            : null;
        SparsifiedLayer sparse = OneShot.Sparsify(
            layer.Name, weight, layer.OutFeatures, layer.InFeatures, options.ForLayer(layer.Pattern), calibration);
        ReadOnlySpan<int> rows = layer.HasRowPermutation ? sparse.Rows.Permutation : default;
        ReadOnlySpan<int> channels = !layer.HasChannelOrder ? default : sparse.Channels?.Order ?? RowPermutation.Identity(layer.InFeatures);
        return (sparse.Updated is null
            ? PackedLayer.Pack(layer, view, sparse.Forward, rows, channels)
            : PackedLayer.Pack(layer, Bytes(layer, sparse.Updated), sparse.Forward, rows, channels, Hash(view)), sparse.Kept);
    }

    private static byte[] Bytes(PackedLayerInfo layer, float[] weight)
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>(checked((int)layer.DenseBytes));
        TensorConversion.FromSingle(layer.DType, weight, bytes);
        return bytes;
    }

    // The source is what the layer was made from, also where its weights have moved.
    private static byte[] Hash(TensorView view)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (long done = 0; done < view.Length; done += HashPiece)
        {
            sha.AppendData(view.Span(done, (int)Math.Min(HashPiece, view.Length - done)));
        }

        return sha.GetHashAndReset();
    }

    private static float[] Single(PackedLayerInfo layer, TensorView view)
    {
        float[] weight = GC.AllocateUninitializedArray<float>(layer.OutFeatures * layer.InFeatures);
        TensorConversion.ToSingle(layer.DType, view.AsSpan(), weight);
        return weight;
    }
}
