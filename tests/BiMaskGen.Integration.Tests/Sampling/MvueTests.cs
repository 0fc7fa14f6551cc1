using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Models;
using BiMaskGen.Integration.Tests.Reference;
using BiMaskGen.Kernels.Cpu;
using BiMaskGen.Training;

namespace BiMaskGen.Integration.Tests.Sampling;

public sealed class MvueTests
{
    private const int Rows = 54;

    public static TheoryData<KernelMode, bool> Kernels { get; } =
        Cases.Product([KernelMode.Sparse, KernelMode.Dense, KernelMode.Auto], [false, true]);

    [Theory]
    [MemberData(nameof(Kernels))]
    public void WeightGradient_IsTheProductWithTheSample(KernelMode mode, bool pairs)
    {
        using var kernels = new KernelModeScope(mode);
        CheckAgainstTheSample(pairs);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WeightGradient_OnTorchsOperators_IsTheProductWithTheSample(bool pairs)
    {
        using var forced = new MaskedDenseScope();
        CheckAgainstTheSample(pairs);
    }

    [Fact]
    public void MeanOverDrawsAndSteps_IsTheDenseGradient()
    {
        const int draws = 600;
        using var kernels = new KernelModeScope(KernelMode.Sparse);
        Sampled model = Sampled.Create(false);
        var (x, g) = Batch();
        double[] exact = Product(Values.Doubles(g), Values.Of(x));
        double[] sum = new double[exact.Length], squares = new double[exact.Length];
        for (int draw = 0; draw < draws; draw++)
        {
            model.Side.Step = draw / 3;
            float[] sampled = model.WeightGradient(x, g);
            for (int i = 0; i < exact.Length; i++)
            {
                double error = sampled[i] - exact[i];
                sum[i] += error;
                squares[i] += error * error;
            }
        }

        for (int i = 0; i < exact.Length; i++)
        {
            double sigma = Math.Sqrt(squares[i] / draws / draws);
            Assert.True(sigma > 0, $"entry {i} never varied");
            Assert.True(Math.Abs(sum[i] / draws) <= 5 * sigma, $"entry {i}: mean off by {sum[i] / draws}, σ {sigma}");
        }
    }

    [Fact]
    public void DrawsDifferWithinAStep_AndRepeatWithTheStep()
    {
        using var kernels = new KernelModeScope(KernelMode.Sparse);
        var (x, g) = Batch();
        float[][] first = Draws(Sampled.Create(false), 1), again = Draws(Sampled.Create(false), 3);
        Assert.Equal(first, again);
        Assert.Equal(first.Length, first.Select(d => string.Join(' ', d)).Distinct().Count());

        float[][] Draws(Sampled model, int threads)
        {
            int before = CpuPool.Threads;
            CpuPool.Threads = threads;
            try
            {
                var draws = new List<float[]>();
                for (int step = 0; step < 3; step++)
                {
                    model.Side.Step = step;
                    draws.Add(model.WeightGradient(x, g));
                    draws.Add(model.WeightGradient(x, g));
                }

                return [.. draws];
            }
            finally
            {
                CpuPool.Threads = before;
            }
        }
    }

    [Fact]
    public void MeasuredKernels_AreReportedAndSaved()
    {
        using var kernels = new KernelModeScope(KernelMode.Auto);
        using var folder = new TempFolder();
        Sampled model = Sampled.Create(false), other = Sampled.Create(false);
        var (x, g) = Batch();
        for (int call = 0; call < 80; call++)
        {
            model.WeightGradient(x, g);
        }

        KernelDecision decision = Assert.Single(model.Side.GetReport().Kernels, k => k.Product == "dW");
        Sides.Model(model).SaveSparseState(folder.File("state"));
        Sides.Model(other).LoadSparseState(folder.File("state"));
        Assert.Equal(decision.Kernel, Assert.Single(other.Side.GetReport().Kernels, k => k.Product == "dW").Kernel);
    }

    [Fact]
    public void FrozenWeights_DrawNothing_AndAnEmptyBatchGivesZeros()
    {
        Sampled model = Sampled.Create(false);
        Assert.All(model.WeightGradient(zeros(0, Sampled.In), zeros(0, Sampled.Out)), v => Assert.Equal(0, v));
        long before = model.Side.Counters.WeightGradient;
        model.Layer.weight.requires_grad_(false);
        var (x, g) = Batch();
        (model.call(x) * g).sum().backward();
        Assert.Equal(before, model.Side.Counters.WeightGradient);
    }

    private static (Tensor X, Tensor G) Batch() => (new Samples(1).Tensor(2, Rows / 2, Sampled.In), new Samples(2).Tensor(2, Rows / 2, Sampled.Out));

    private static void CheckAgainstTheSample(bool pairs)
    {
        Sampled model = Sampled.Create(pairs), twin = Sampled.Create(pairs);
        var (x, g) = Batch();
        model.Side.Step = twin.Side.Step = 17;
        float[] weight = Values.Of(model.Layer.weight);
        bool[] kept = ReferenceMasks.Forward(weight, Sampled.Out, Sampled.In, pairs ? 1 : 2, pairs ? 2 : 4);
        for (int draw = 0; draw < 12; draw++)
        {
            Tensor sampled = zeros(Rows, Sampled.Out);
            twin.Side.SampleGradient(
                MatrixView.OfBytes(g.bytes, Rows, Sampled.Out), MatrixView.OfBytes(sampled.bytes, Rows, Sampled.Out));
            double[] expected = Product(Values.Doubles(sampled), Values.Of(x));
            for (int i = 0; i < expected.Length; i++)
            {
                // The decay enters in the first backward of a step, and only there.
                expected[i] += pairs && draw == 0 && !kept[i] ? 0.5 * weight[i] : 0;
            }

            Values.Close(expected, model.WeightGradient(x, g), $"dW of draw {draw}");
        }
    }

    private static double[] Product(double[] g, float[] x)
    {
        var dw = new double[Sampled.Out * Sampled.In];
        for (int r = 0; r < Rows; r++)
        {
            for (int o = 0; o < Sampled.Out; o++)
            {
                for (int i = 0; i < Sampled.In; i++)
                {
                    dw[(o * Sampled.In) + i] += g[(r * Sampled.Out) + o] * x[(r * Sampled.In) + i];
                }
            }
        }

        return dw;
    }
}
