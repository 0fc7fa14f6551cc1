namespace BiMaskGen.Integration.Tests.Harness;

/// <summary>Gaussian numbers that do not depend on torch's generator.</summary>
internal sealed class Samples(int seed)
{
    private readonly Random _random = new(seed);

    public float[] Array(long count)
    {
        var values = new float[count];
        for (long i = 0; i < count; i++)
        {
            double radius = Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble()));
            values[i] = (float)(radius * Math.Cos(2 * Math.PI * _random.NextDouble()));
        }

        return values;
    }

    public Tensor Tensor(params long[] shape) => Values.ToTensor(Array(shape.Aggregate(1L, (a, b) => a * b)), shape);
}
