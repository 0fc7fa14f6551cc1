using BiMaskGen.Checkpoints;
using BiMaskGen.Sparsify;

namespace BiMaskGen.Integration.Tests.Harness;

/// <summary>Checkpoints of models, dense and packed, in a folder of the test's own.</summary>
internal sealed class PackedFiles : IDisposable
{
    private readonly TempFolder _folder = new();

    public string Dense => _folder.File("model.safetensors");

    public string Packed => _folder.File("model.nms.safetensors");

    public void Dispose() => _folder.Dispose();

    /// <summary>Writes the model's state, and packed what its own sparse layers say.</summary>
    public string Write(Module model, DType type = DType.F32, SparsifyOptions? options = null)
    {
        SaveDense(model, type);
        return Sparsify(Sides.Model(model).GetSparseLayers().Select(l => new SparsifyTarget(l.Name + ".weight", l.Layer.Pattern)), options);
    }

    /// <summary>Packs some tensors of the dense file.</summary>
    public string Sparsify(IEnumerable<SparsifyTarget> targets, SparsifyOptions? options = null)
    {
        using TensorFile source = SafeTensorsFile.Open(Dense);
        CheckpointSparsifier.Run(source, [.. targets], Packed, (options ?? new SparsifyOptions()) with { Durable = false });
        return Packed;
    }

    /// <summary>Writes the model's state.</summary>
    public void SaveDense(Module model, DType type = DType.F32, params (string Key, Tensor Tensor)[] more)
    {
        (string Key, Tensor Tensor)[] state = [.. model.state_dict().Select(s => (s.Key, s.Value)), .. more];
        using SafeTensorsWriter writer = SafeTensorsWriter.Create(Dense, [.. state.Select(s => new TensorInfo(s.Key, type, s.Tensor.shape))], durable: false);
        foreach ((string key, Tensor tensor) in state)
        {
            float[] single = Values.Of(tensor);
            byte[] bytes = new byte[single.Length * type.Bytes()];
            TensorConversion.FromSingle(type, single, bytes);
            writer.Write(key, bytes);
        }

        writer.Commit();
    }

    /// <summary>A packed layer's weight as the file has it, dense.</summary>
    public float[] Unpacked(string key)
    {
        using PackedCheckpoint file = PackedCheckpoint.Open(Packed);
        PackedLayer layer = file.Read(key);
        float[] weight = new float[layer.OutFeatures * layer.InFeatures];
        layer.UnpackSingle(weight);
        return weight;
    }

    /// <summary>Flips one bit of a packed layer's values.</summary>
    public void Damage(string key)
    {
        byte[] values;
        using (PackedCheckpoint file = PackedCheckpoint.Open(Packed))
        {
            values = file.Read(key).KeptValues.ToArray();
        }

        byte[] all = File.ReadAllBytes(Packed);
        int place = all.AsSpan().IndexOf(values);
        Assert.True(place > 0);
        all[place + (values.Length / 2)] ^= 1;
        File.WriteAllBytes(Packed, all);
    }
}
