namespace BiMaskGen.Checkpoints;

/// <summary>
/// Checkpoints in the <c>sparse-24-bitmask</c> layout of compressed-tensors. For each weight <c>P.weight</c> of a layer three tensors:
/// <c>P.shape</c> (I64 [2, 1]), <c>P.compressed</c> ([rows, columns / 2], of every four columns the two kept values, ascending) and
/// <c>P.bitmask</c> (U8 [rows, ⌈columns / 8⌉], lowest bit first, 1 = kept). All other tensors are stored as they are.
/// </summary>
public static class Sparse24Bitmask
{
    /// <summary>Whether a checkpoint has weights in this layout.</summary>
    /// <param name="file">An open checkpoint.</param>
    public static bool IsUsedIn(TensorFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return file.Tensors.Any(t => Bitmask24Keys.PrefixOf(t.Name) is { } prefix && file.TryFind(Bitmask24Keys.Bitmask(prefix), out _));
    }

    /// <summary>
    /// Writes a packed checkpoint (2:4, no permutations) with what a checkpoint in this layout holds. Kept values are taken bit by bit, zeros of
    /// both signs too.
    /// </summary>
    /// <param name="source">A checkpoint in this layout.</param>
    /// <param name="path">The file to write.</param>
    /// <param name="durable">Whether to wait for the disk.</param>
    /// <exception cref="NMSparseCheckpointException">
    /// A weight is incomplete, its columns are no multiple of four, or a group of four does not keep exactly two.
    /// </exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Import(TensorFile source, string path, bool durable = true)
    {
        ArgumentNullException.ThrowIfNull(source);
        List<Bitmask24Weight> weights = Bitmask24Keys.FindWeights(source);
        HashSet<string> parts = [.. weights.SelectMany(w => Bitmask24Keys.PartsOf(w.Prefix))];
        List<TensorInfo> dense = [.. source.Tensors.Where(t => !parts.Contains(t.Name))];
        using PackedCheckpointWriter writer = PackedCheckpointWriter.Create(path, weights.Select(w => w.Layer), dense, source.Metadata, durable);
        foreach (Bitmask24Weight weight in weights)
        {
            writer.Write(weight.Read(source));
        }

        foreach (TensorInfo tensor in dense)
        {
            writer.WriteDense(tensor.Name, source.View(tensor.Name));
        }

        writer.Commit();
    }

    /// <summary>
    /// Writes the layers of a packed checkpoint in this layout. Row permutation, method and source hash have no place there and are dropped. Groups
    /// that keep fewer than two get kept zeros.
    /// </summary>
    /// <param name="source">A packed checkpoint.</param>
    /// <param name="path">The file to write.</param>
    /// <param name="durable">Whether to wait for the disk.</param>
    /// <exception cref="NMSparseCheckpointException">
    /// A layer's name does not end in ".weight", its columns are no multiple of four, or four of them in their own order keep more than two.
    /// </exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Export(PackedCheckpoint source, string path, bool durable = true)
    {
        ArgumentNullException.ThrowIfNull(source);
        List<Bitmask24Weight> weights = [.. source.Layers.Select(l => Bitmask24Weight.Of(l, source.Path))];
        List<TensorInfo> tensors = [.. weights.SelectMany(w => w.Parts), .. source.DenseTensors];
        using SafeTensorsWriter writer = SafeTensorsWriter.Create(path, tensors, source.Metadata, durable);
        foreach (Bitmask24Weight weight in weights)
        {
            weight.Write(source.Read(weight.Layer.Name), source.Path, writer);
        }

        foreach (TensorInfo tensor in source.DenseTensors)
        {
            writer.Write(tensor.Name, source.ReadDense(tensor.Name));
        }

        writer.Commit();
    }
}
