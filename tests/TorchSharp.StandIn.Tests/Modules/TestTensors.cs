using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Nn;

/// <summary>Test data and raw access to values.</summary>
internal static class TestTensors
{
    /// <summary>Distinct values on a shuffled grid around zero: none nearer to zero than half a gap, no two nearer than a gap.</summary>
    public static Tensor Grid(int seed, params long[] shape)
    {
        var count = (int)shape.Aggregate(1L, (product, dim) => product * dim);
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = 4f * ((i + 0.5f) / count - 0.5f);
        }
        new System.Random(seed).Shuffle(values);
        return FromValues(values, shape);
    }

    public static Tensor FromValues(float[] values, params long[] shape)
    {
        var tensor = empty(shape);
        values.CopyTo(Values(tensor));
        return tensor;
    }

    public static Span<float> Values(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);

    public static float[] Copy(Tensor tensor)
    {
        using var packed = tensor.detach().contiguous();
        return Values(packed).ToArray();
    }

    public static int Version(Tensor tensor) => tensor.Impl.Buffer.Version;
}
