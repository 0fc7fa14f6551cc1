using System.Diagnostics;
using BiMaskGen.Checkpoints;
using BiMaskGen.Kernels.Cpu;
using BiMaskGen.Packing;
using BiMaskGen.Patterns;

namespace BiMaskGen.Tool.Bench;

/// <summary>The time of one product of a layer, packed and dense.</summary>
internal sealed record BenchResult(
    string Layer, NMPattern Pattern, int OutFeatures, int InFeatures, int Batch, double PackedMicroseconds, double DenseMicroseconds, double Speed);

/// <summary>Times y = x (W⊙Mf)ᵀ on the packed weights as inference holds them, against the dense product of the same weights.</summary>
internal static unsafe class LayerBench
{
    private const int Rounds = 15;
    private const double WarmUpSeconds = 0.15, RoundSeconds = 0.004;

    /// <exception cref="NMSparseException">The runtime has no type for the pattern.</exception>
    public static BenchResult Run(PackedLayer layer, int batch) =>
        PatternTypes.Dispatch<Body, BenchResult>(layer.Pattern, new Body(layer, batch));

    private static double Time(Action call, int calls)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++)
        {
            call();
        }

        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / calls;
    }

    // Until the JIT has settled; tells how many calls make a round.
    private static int WarmUp(Action call)
    {
        long start = Stopwatch.GetTimestamp();
        int calls = 0;
        while (calls < 60 || Stopwatch.GetElapsedTime(start).TotalSeconds < WarmUpSeconds)
        {
            call();
            calls++;
        }

        return Math.Max(1, (int)(RoundSeconds * calls / Stopwatch.GetElapsedTime(start).TotalSeconds));
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }

    private readonly struct Body(PackedLayer layer, int batch) : IPatternBody<BenchResult>
    {
        public BenchResult Run<TPattern>()
            where TPattern : struct, INMPattern
        {
            int rows = layer.OutFeatures, columns = layer.InFeatures, batch1 = batch;
            PackedMatrix packed = layer.ToGroups();
            float[] weight = new float[rows * columns], x = new float[batch * columns], y = new float[batch * rows];
            layer.UnpackSingle(weight);
            Random random = new(1);
            for (int i = 0; i < x.Length; i++)
            {
                x[i] = random.NextSingle() - 0.5f;
            }

            fixed (float* w = weight, input = x, output = y)
            {
                // Lambdas hold no pointers.
                nint a = (nint)w, b = (nint)input, c = (nint)output;
                Action sparse = () => SparseProduct.Multiply<TPattern>((float*)b, batch1, columns, packed, (float*)c, rows, default);
                Action dense = () => Gemm.Multiply(false, true, batch1, rows, columns, 1, (float*)b, columns, (float*)a, columns, 0, (float*)c, rows);
                int sparseCalls = WarmUp(sparse), denseCalls = WarmUp(dense);
                double[] sparseTimes = new double[Rounds], denseTimes = new double[Rounds];
                for (int round = 0; round < Rounds; round++)
                {
                    sparseTimes[round] = Time(sparse, sparseCalls);
                    denseTimes[round] = Time(dense, denseCalls);
                }

                double packedTime = Median(sparseTimes), denseTime = Median(denseTimes);
                return new BenchResult(layer.Name, layer.Pattern, rows, columns, batch, packedTime, denseTime, denseTime / packedTime);
            }
        }
    }
}
