using BiMaskGen.Checkpoints;

namespace BiMaskGen.Sparsify;

/// <summary>
/// What layers saw, as a checkpoint holds it. For the weight <c>P.weight</c> it has one of <c>P.input</c> (inputs [samples, in_features], or
/// with more dimensions in front), <c>P.input_gram</c> (X Xᵀ [in_features, in_features]) and <c>P.input_squares</c> (Σ x² [in_features]); the
/// first of them counts. Any floating-point type.
/// </summary>
public static class CalibrationFile
{
    private const string Weight = ".weight";
    private const int PieceElements = 1 << 20;

    /// <summary>The names that follow a layer's own, in the order in which they are looked for.</summary>
    internal static readonly string[] Endings = [".input", ".input_gram", ".input_squares"];

    /// <summary>Reads what a layer saw.</summary>
    /// <param name="file">The file.</param>
    /// <param name="key">The layer's weight, "fc1.weight".</param>
    /// <param name="inFeatures">Its columns.</param>
    /// <param name="withGram">Whether X Xᵀ is wanted.</param>
    /// <returns>The statistics.</returns>
    /// <exception cref="NMSparseCheckpointException">The file has none of the three, or not of the layer's in_features.</exception>
    /// <exception cref="NMSparseCalibrationException">The values are no inputs or statistics.</exception>
    public static CalibrationStatistics Read(TensorFile file, string key, int inFeatures, bool withGram)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(key);
        string layer = key.EndsWith(Weight, StringComparison.Ordinal) ? key[..^Weight.Length] : key;
        string name = Array.Find([.. Endings.Select(ending => layer + ending)], n => file.TryFind(n, out _))
            ?? throw new NMSparseCheckpointException(
                file.Path, key, $"the calibration has none of {string.Join(", ", Endings.Select(e => layer + e))}: add one of them, or prune by Magnitude.");
        TensorInfo tensor = file[name];
        bool isGram = name.EndsWith(Endings[1], StringComparison.Ordinal);
        if (tensor.Shape.IsEmpty || tensor.Shape[^1] != inFeatures || (isGram && (tensor.Shape.Length != 2 || tensor.Shape[0] != inFeatures)))
        {
            throw new NMSparseCheckpointException(file.Path, name, $"it is {tensor.Kind}, the layer has {inFeatures} input features.");
        }

        if (!TensorConversion.IsSupported(tensor.DType))
        {
            throw new NMSparseCheckpointException(file.Path, name, $"it is {tensor.Kind}: inputs and statistics are floats.");
        }

        return isGram ? CalibrationStatistics.FromGram(key, All(file, tensor), inFeatures)
            : name.EndsWith(Endings[2], StringComparison.Ordinal) ? CalibrationStatistics.FromSumOfSquares(key, All(file, tensor))
            : Inputs(file, tensor, key, inFeatures, withGram);
    }

    private static CalibrationStatistics Inputs(TensorFile file, TensorInfo tensor, string key, int inFeatures, bool withGram)
    {
        CalibrationStatistics statistics = new(key, inFeatures, withGram);
        long rows = tensor.ElementCount / inFeatures;
        int piece = Math.Max(1, PieceElements / inFeatures), rowBytes = inFeatures * tensor.DType.Bytes();
        TensorView view = file.View(tensor.Name);
        float[] single = new float[Math.Min(piece, rows) * inFeatures];
        for (long row = 0; row < rows; row += piece)
        {
            int count = (int)Math.Min(piece, rows - row);
            Span<float> inputs = single.AsSpan(0, count * inFeatures);
            TensorConversion.ToSingle(tensor.DType, view.Span(row * rowBytes, count * rowBytes), inputs);
            statistics.Add(inputs);
        }

        return statistics;
    }

    private static float[] All(TensorFile file, TensorInfo tensor)
    {
        float[] single = new float[tensor.ElementCount];
        TensorConversion.ToSingle(tensor.DType, file.View(tensor.Name).AsSpan(), single);
        return single;
    }
}
