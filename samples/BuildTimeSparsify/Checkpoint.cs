using BiMaskGen.Checkpoints;
using static TorchSharp.torch;

namespace BuildTimeSparsify;

/// <summary>The dense checkpoint: safetensors in bfloat16, half the size of the model in memory.</summary>
internal static class Checkpoint
{
    /// <summary>Writes a model's state.</summary>
    public static void Save(nn.Module model, string path)
    {
        Dictionary<string, Tensor> state = model.state_dict();
        using SafeTensorsWriter writer = SafeTensorsWriter.Create(path, [.. state.Select(s => new TensorInfo(s.Key, DType.BF16, s.Value.shape))]);
        foreach ((string key, Tensor tensor) in state)
        {
            float[] single = [.. tensor.data<float>()];
            byte[] bytes = new byte[single.Length * DType.BF16.Bytes()];
            TensorConversion.FromSingle(DType.BF16, single, bytes);
            writer.Write(key, bytes);
        }

        writer.Commit();
    }

    /// <summary>Reads a model's state.</summary>
    public static void Load(nn.Module model, string path)
    {
        using TensorFile file = SafeTensorsFile.Open(path);
        using IDisposable off = no_grad();
        foreach ((string key, Tensor tensor) in model.state_dict())
        {
            float[] single = new float[tensor.numel()];
            TensorConversion.ToSingle(file[key].DType, file.View(key).AsSpan(), single);
            tensor.copy_(Like(single, tensor));
        }
    }

    private static Tensor Like(float[] values, Tensor shape) => tensor(values).reshape(shape.shape);
}
