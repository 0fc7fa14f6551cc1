namespace BiMaskGen.Checkpoints;

/// <summary>The keys of the sparse-24-bitmask layout.</summary>
internal static class Bitmask24Keys
{
    /// <summary>What a weight's key ends in; the parts' keys have their own ending instead.</summary>
    public const string WeightEnding = ".weight";

    private const string ShapeEnding = ".shape";
    private const string CompressedEnding = ".compressed";
    private const string BitmaskEnding = ".bitmask";

    public static string Shape(string prefix) => prefix + ShapeEnding;

    public static string Compressed(string prefix) => prefix + CompressedEnding;

    public static string Bitmask(string prefix) => prefix + BitmaskEnding;

    public static string[] PartsOf(string prefix) => [Shape(prefix), Compressed(prefix), Bitmask(prefix)];

    /// <summary>The prefix of a weight's compressed values, or null if the key is of something else.</summary>
    public static string? PrefixOf(string key) => key.EndsWith(CompressedEnding, StringComparison.Ordinal) ? key[..^CompressedEnding.Length] : null;

    /// <summary>All weights of a checkpoint in this layout, checked but for their bits.</summary>
    /// <exception cref="NMSparseCheckpointException">A weight is incomplete or its parts do not fit.</exception>
    public static List<Bitmask24Weight> FindWeights(TensorFile file)
    {
        foreach (TensorInfo tensor in file.Tensors)
        {
            // A bitmask alone is half a weight; a shape alone may be anything.
            if (tensor.Name.EndsWith(BitmaskEnding, StringComparison.Ordinal) && !file.TryFind(Compressed(tensor.Name[..^BitmaskEnding.Length]), out _))
            {
                throw new NMSparseCheckpointException(file.Path, tensor.Name, "its compressed values are missing.");
            }
        }

        return [.. file.Tensors.Select(t => PrefixOf(t.Name)).OfType<string>().Select(p => Bitmask24Weight.Of(p, file))];
    }
}
