using System.Text.Json;
using System.Text.Json.Serialization;
using BiMaskGen.Checkpoints;

namespace BiMaskGen;

/// <summary>The sidecar file of a model's sparse state: JSON, versioned, checked whole before any of it is applied.</summary>
internal sealed class SparseStateFile
{
    private const string FormatName = "bimaskgen-sparse-state";

    // 2 has what methods keep beside the permutation, 3 the grouping of convolutions; older files are read as ones that have none.
    private const int FormatVersion = 3;

    public string Format { get; init; } = FormatName;

    public int Version { get; init; } = FormatVersion;

    public Dictionary<string, LayerState> Layers { get; init; } = [];

    /// <summary>Writes the file beside its place and moves it there, so that an interrupted write leaves the old one.</summary>
    public static void Save(string path, IReadOnlyList<(string Name, SparseLayer Layer)> layers)
    {
        byte[] state = Write(layers);
        using AtomicFile draft = AtomicFile.Create(path);
        draft.Write(state, 0);
        draft.Commit(durable: true);
    }

    /// <summary>What the file holds.</summary>
    public static byte[] Write(IReadOnlyList<(string Name, SparseLayer Layer)> layers)
    {
        var file = new SparseStateFile();
        foreach ((string name, SparseLayer layer) in layers)
        {
            file.Layers.Add(name, layer.ExportState());
        }

        return JsonSerializer.SerializeToUtf8Bytes(file, StateJson.Default.SparseStateFile);
    }

    /// <summary>Reads and checks the file, then applies it to all layers.</summary>
    /// <exception cref="NMSparseStateException">The file is damaged, of another version, or of another model.</exception>
    /// <exception cref="NMSparseReleasedException">A layer has no dense weight any more.</exception>
    public static void Load(string path, IReadOnlyList<(string Name, SparseLayer Layer)> layers) => Read(path, File.ReadAllBytes(path), layers);

    /// <summary>Checks what <see cref="Write"/> made, then applies it to all layers.</summary>
    /// <param name="path">What errors call it.</param>
    /// <param name="state">The content of a file.</param>
    /// <param name="layers">The model's layers.</param>
    /// <exception cref="NMSparseStateException">It is damaged, of another version, or of another model.</exception>
    /// <exception cref="NMSparseReleasedException">A layer has no dense weight any more.</exception>
    public static void Read(string path, ReadOnlySpan<byte> state, IReadOnlyList<(string Name, SparseLayer Layer)> layers)
    {
        SparseStateFile file = Parse(path, state);
        if (file.Format != FormatName || file.Version is < 1 or > FormatVersion)
        {
            throw new NMSparseStateException($"{path}: format {file.Format} version {file.Version}, expected {FormatName} version 1 to {FormatVersion}.");
        }

        var states = new List<(SparseLayer Layer, LayerState State)>();
        foreach ((string name, SparseLayer layer) in layers)
        {
            if (!file.Layers.TryGetValue(name, out LayerState? saved))
            {
                throw new NMSparseStateException($"{path}: no state for the layer {name} ({layer.Name}).");
            }

            layer.RefuseReleased("loading a sparse state");
            saved.Check(name, layer);
            states.Add((layer, saved));
        }

        if (file.Layers.Count != layers.Count)
        {
            string unknown = file.Layers.Keys.First(k => layers.All(l => l.Name != k));
            throw new NMSparseStateException($"{path}: the layer {unknown} is not in the model.");
        }

        foreach ((SparseLayer layer, LayerState saved) in states)
        {
            layer.ImportState(saved);
        }
    }

    private static SparseStateFile Parse(string path, ReadOnlySpan<byte> state)
    {
        try
        {
            return JsonSerializer.Deserialize(state, StateJson.Default.SparseStateFile)
                ?? throw new NMSparseStateException($"{path}: the file holds null.");
        }
        catch (JsonException e)
        {
            throw new NMSparseStateException($"{path}: no sparse state: {e.Message}", e);
        }
    }
}

[JsonSourceGenerationOptions(
    UseStringEnumConverter = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(SparseStateFile))]
internal sealed partial class StateJson : JsonSerializerContext;
