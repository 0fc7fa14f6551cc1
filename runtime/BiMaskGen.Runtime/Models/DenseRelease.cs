namespace BiMaskGen;

/// <summary>Gives up dense weights, all of those asked for or none.</summary>
internal static class DenseRelease
{
    // One at a time in the process: two threads must not free one weight, and it happens once in a model's life.
    private static readonly Lock s_gate = new();

    /// <summary>Checks all layers, then releases those that are not yet.</summary>
    public static void Run(INMSparseModel model, IEnumerable<(string Name, SparseLayer Layer)> layers, InferencePrecision precision)
    {
        if (!Enum.IsDefined(precision))
        {
            throw new ArgumentOutOfRangeException(nameof(precision), precision, "No such precision.");
        }

        lock (s_gate)
        {
            Training.IDenseWeight[] weights = [.. layers.Where(l => !l.Layer.IsReleased).Select(l => l.Layer.DenseWeight)];
            foreach (Training.IDenseWeight weight in weights)
            {
                weight.CheckRelease(model, precision);
            }

            // Each is freed before the next is packed, so that the peak is one layer's packed weight above what was there.
            foreach (Training.IDenseWeight weight in weights)
            {
                weight.Release(precision);
            }
        }
    }

    /// <summary>The layers of these names.</summary>
    /// <exception cref="NMSparseException">A name is no sparse layer of the model.</exception>
    public static IEnumerable<(string Name, SparseLayer Layer)> Named(INMSparseModel model, string[] names)
    {
        var layers = model.SparseLayers.ToDictionary(l => l.Name);
        foreach (string name in names)
        {
            if (name is null || !layers.ContainsKey(name))
            {
                throw new NMSparseException($"\"{name}\" is no sparse layer of the model; it has {string.Join(", ", layers.Keys)}.");
            }
        }

        return names.Distinct().Select(name => layers[name]);
    }
}
