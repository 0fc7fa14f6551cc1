using System.Diagnostics;
using BiMaskGen.Dispatch;
using BiMaskGen.Kernels.Cpu;
using BiMaskGen.Kernels.Cuda;
using BiMaskGen.Permutations;

namespace BiMaskGen.Training;

/// <content>The weight gradient from an unbiased sample of gᵀ along the batch.</content>
public abstract partial class SparseLinear
{
    private readonly KernelChooser _weightChooser;
    private long _sampledStep = -1;
    private int _samplesOfStep;

    /// <summary>
    /// Replaces g by a sample of it, 2:4 (1:2 for a 1:2 layer) along the batch in every column, whose mean is g. Every call draws anew, by
    /// the layer's seed and step and how many samples the step has had. For products that another library computes;
    /// <see cref="BackwardWeight(LinearCall, MatrixView, MatrixView, MatrixView, MatrixView)"/> draws by itself.
    /// </summary>
    /// <param name="g">dL/dz, [rows, out_features].</param>
    /// <param name="sampled">Same shape, written.</param>
    public void SampleGradient(MatrixView g, MatrixView sampled)
    {
        CheckView(g, g.Rows, OutFeatures, "grad_output");
        CheckView(sampled, g.Rows, OutFeatures, "sampled gradient");
        SplitMix64 generator = NextSample(g.Rows, false, out _, out _);
        if (IsSampledInPairs)
        {
            Sample<SampledOneOfTwo>(g, generator, sampled);
        }
        else
        {
            Sample<SampledTwoOfFour>(g, generator, sampled);
        }
    }

    private BatchSample? SampleOnCuda(int rows) =>
        Options.Mvue && rows > 0 ? new BatchSample(NextSample(rows, chooses: false, out _, out _).State, IsSampledInPairs) : null;

    private bool IsSampledInPairs => Pattern is { N: 1, M: 2 };

    private static unsafe void Sample<TGroup>(MatrixView g, SplitMix64 generator, MatrixView sampled)
        where TGroup : struct, ISampledGroup =>
        new GradientSample<TGroup>(g.Pointer, g.Rows, g.Columns, generator).Write(sampled.Pointer);

    /// <summary>dW = sample(gᵀ) x.</summary>
    private void MultiplySampled(MatrixView g, MatrixView x, MatrixView dw)
    {
        SplitMix64 generator = NextSample(g.Rows, true, out KernelKind kernel, out KernelTrial? timed);
        long start = Stopwatch.GetTimestamp();
        if (IsSampledInPairs)
        {
            MultiplySampled<SampledOneOfTwo>(g, generator, kernel, x, dw);
        }
        else
        {
            MultiplySampled<SampledTwoOfFour>(g, generator, kernel, x, dw);
        }

        timed?.Report(kernel, Stopwatch.GetTimestamp() - start);
    }

    private static unsafe void MultiplySampled<TGroup>(MatrixView g, SplitMix64 generator, KernelKind kernel, MatrixView x, MatrixView dw)
        where TGroup : struct, ISampledGroup
    {
        GradientSample<TGroup> sample = new(g.Pointer, g.Rows, g.Columns, generator);
        if (kernel == KernelKind.SparseCpu)
        {
            sample.Multiply(x.Pointer, x.Columns, dw.Pointer);
        }
        else
        {
            sample.MultiplyDense(x.Pointer, x.Columns, dw.Pointer);
        }
    }

    // The count starts over with every step, so that a run that was resumed draws what it would have drawn. Searches draw from the same
    // seed and step by candidates 0, 1, …: samples count down from −1.
    private SplitMix64 NextSample(int rows, bool chooses, out KernelKind kernel, out KernelTrial? timed)
    {
        lock (_gate)
        {
            if (_sampledStep != _clock.Step)
            {
                _sampledStep = _clock.Step;
                _samplesOfStep = 0;
            }

            timed = null;
            kernel = chooses ? _weightChooser.Next(rows, training: true, out timed) : KernelKind.Undecided;
            return SplitMix64.For(Options.Seed, _sampledStep, ~_samplesOfStep++);
        }
    }
}
