using System.Globalization;
using BiMaskGen.Kernels;
using BiMaskGen.Kernels.Cuda;
using BiMaskGen.Masks;

namespace BiMaskGen.Tool.GpuCheck;

/// <summary>One thing that was verified.</summary>
/// <param name="Name">What.</param>
/// <param name="Problem">What is wrong, or null.</param>
internal sealed record CheckResult(string Name, string? Problem);

/// <summary>Verifies kernels and products on a GPU: fresh random data, every pattern, shapes with remainders, threads, streams, too little memory.</summary>
/// <param name="runtime">CUDA.</param>
/// <param name="seed">What the data is a function of.</param>
/// <param name="only">The one pattern to verify; all if null.</param>
internal sealed class GpuChecks(CudaRuntime runtime, int seed, NMPattern? only)
{
    private const int Threads = 2;
    private const int StreamsOfAThread = 2;
    private const int StepsOfAThread = 6;

    private static readonly NMPattern[] s_patterns =
        [new(2, 4), new(1, 2), new(1, 4), new(1, 8), new(2, 8), new(4, 8), new(1, 16), new(2, 16), new(1, 32), new(3, 4), new(3, 7), new(17, 32)];

    // Fits the hardware; no multiple of anything; less than a tile; several tiles with remainders.
    private static readonly (int OutFeatures, int InFeatures, int Rows)[] s_shapes = [(96, 128, 64), (143, 330, 9), (5, 3, 2), (272, 208, 40)];

    // Fits the hardware; fits it but for the batch; one row.
    private static readonly (int OutFeatures, int InFeatures, int Rows)[] s_inferenceShapes = [(96, 128, 64), (64, 160, 9), (32, 96, 1)];

    private static readonly (CudaType Weight, CudaType Compute)[] s_types =
        [(CudaType.F32, CudaType.BF16), (CudaType.BF16, CudaType.BF16), (CudaType.F32, CudaType.F16), (CudaType.F16, CudaType.F16), (CudaType.F32, CudaType.F32)];

    private static readonly Activation[] s_activations = [Activation.None, Activation.Relu, Activation.Gelu, Activation.Silu];

    /// <summary>How many checks there are.</summary>
    public int Count => Steps().Count() + Inference().Count() + 2;

    /// <summary>Runs all of them.</summary>
    /// <param name="device">The GPU.</param>
    /// <param name="step">Told the name of each that is done.</param>
    /// <param name="cancellation">Stops in between.</param>
    public IReadOnlyList<CheckResult> Run(CudaDevice device, Action<string> step, CancellationToken cancellation)
    {
        List<CheckResult> results = [];
        using CudaStream stream = NewStream(device);
        foreach ((KernelMode mode, StepCase c) in Steps())
        {
            cancellation.ThrowIfCancellationRequested();
            string name = Name(mode, c);
            results.Add(new(name, Try(mode, () => StepCheck.Run(runtime, c, stream.Handle))));
            step(name);
        }

        foreach (InferenceCase c in Inference())
        {
            cancellation.ThrowIfCancellationRequested();
            results.Add(new(c.ToString(), Try(KernelMode.Sparse, () => InferenceCheck.Run(runtime, device, c, stream.Handle))));
            step(results[^1].Name);
        }

        results.Add(new("two threads, two streams each", Try(KernelMode.Sparse, () => Together(device))));
        step(results[^1].Name);
        results.Add(new("too little memory", Try(KernelMode.Sparse, () => Full(device, stream.Handle))));
        step(results[^1].Name);
        return results;
    }

    // Every pattern on every shape; types and activations in turn, so that each pattern meets them all.
    private IEnumerable<(KernelMode Mode, StepCase Case)> Steps()
    {
        int at = 0;
        foreach (NMPattern pattern in only is { } one ? [one] : s_patterns)
        {
            foreach ((int outFeatures, int inFeatures, int rows) in s_shapes)
            {
                foreach ((CudaType weight, CudaType compute) in s_types)
                {
                    StepCase c = new(pattern, outFeatures, inFeatures, rows, weight, compute, s_activations[at % s_activations.Length], at % 2 == 0) { Seed = seed + at };
                    yield return (KernelMode.Sparse, c);
                    if (TensorCores.Refusal(pattern, c.Spec.Forward(rows), compute) is null)
                    {
                        yield return (KernelMode.Dense, c);
                    }

                    at++;
                }
            }

            foreach ((OperandForm form, PrunedEntries pruned) in Methods(pattern))
            {
                foreach ((int outFeatures, int inFeatures, int rows) in s_shapes)
                {
                    (CudaType weight, CudaType compute) = s_types[at % s_types.Length];
                    StepCase c = new(pattern, outFeatures, inFeatures, rows, weight, compute, s_activations[at % s_activations.Length], at % 2 == 0)
                    {
                        Form = form,
                        Pruned = pruned,
                        Sample = at % 3 == 0 ? new BatchSample((ulong)(seed + at), at % 2 == 0) : null,
                        Seed = seed + at,
                    };
                    yield return (KernelMode.Sparse, c);
                    at++;
                }
            }
        }
    }

    // What other methods than Bi-Mask make of a weight: Ste and SrSte, Bdwp, mask decay, a dense phase, transposable masks and double pruning, structure
    // decay, S-STE.
    private static IEnumerable<(OperandForm Form, PrunedEntries Pruned)> Methods(NMPattern pattern)
    {
        (int n, int m) = (pattern.N, pattern.M);
        yield return (new(ForwardOperand.Ranked, BackwardOperand.Forward, n, m), PrunedEntries.Decaying(StepCase.Decay));
        yield return (new(ForwardOperand.Ranked, BackwardOperand.Whole, n, m), PrunedEntries.Decaying(0));
        yield return (new(ForwardOperand.Fading, BackwardOperand.Forward, n, m) { Factor = 0.375f }, new(0.375f, 0));
        yield return (OperandForm.Dense(pattern), PrunedEntries.Decaying(0));
        yield return (new(ForwardOperand.Kept, BackwardOperand.Subset, n, m), PrunedEntries.Decaying(StepCase.Decay));
        yield return (new(ForwardOperand.Kept, BackwardOperand.Subset, n, m), new(0, 0));
        if (8 * m is > NMPattern.MaxM and <= WideMask.MaxM)
        {
            yield return (new(ForwardOperand.Ranked, BackwardOperand.Forward, 8 * n, 8 * m), PrunedEntries.Decaying(0));
        }

        if (pattern == new NMPattern(2, 4))
        {
            yield return (new(ForwardOperand.Soft, BackwardOperand.Forward, n, m) { Factor = 1.25f }, PrunedEntries.Decaying(0));
        }
    }

    // Released layers in every precision; types and activations in turn.
    private IEnumerable<InferenceCase> Inference()
    {
        int at = 0;
        foreach (NMPattern pattern in only is { } one ? [one] : s_patterns)
        {
            foreach (InferencePrecision precision in Enum.GetValues<InferencePrecision>())
            {
                foreach ((int outFeatures, int inFeatures, int rows) in s_inferenceShapes)
                {
                    (CudaType weight, CudaType compute) = s_types[at % s_types.Length];
                    yield return new(pattern, outFeatures, inFeatures, rows, weight, compute, precision, s_activations[at % s_activations.Length], at % 2 == 0) { Seed = seed + at };
                    at++;
                }
            }
        }
    }

    private static string Name(KernelMode mode, StepCase c) => string.Create(
        CultureInfo.InvariantCulture,
        $"{c.Pattern} [{c.OutFeatures}, {c.InFeatures}] batch {c.Rows}, {c.Weight} weight, {c.Compute} products, {c.Activation}{(c.HasBias ? ", bias" : "")}, {c.Form}{(c.Sample is null ? "" : ", sampled")}, {mode}");

    // Each thread makes its steps on its streams in turn, while the other does.
    private string? Together(CudaDevice device)
    {
        List<CudaStream> streams = [.. Enumerable.Range(0, Threads * StreamsOfAThread).Select(_ => NewStream(device))];
        string?[] problems = new string?[Threads];
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(t => new Thread(() => problems[t] = Told(() =>
        {
            for (int i = 0; i < StepsOfAThread; i++)
            {
                StepCase c = new(new(2, 4), 96 + (16 * t), 128, 64, CudaType.F32, CudaType.BF16, s_activations[i % 3], true) { Seed = seed + (100 * t) + i };
                if (StepCheck.Run(runtime, c, streams[(t * StreamsOfAThread) + (i % StreamsOfAThread)].Handle) is { } problem)
                {
                    return problem;
                }
            }

            return null;
        })))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        streams.ForEach(stream => stream.Dispose());
        return problems.FirstOrDefault(p => p is not null);
    }

    // More than there is: it has to be said, and work after it has to be right.
    private string? Full(CudaDevice device, nint stream)
    {
        try
        {
            using CudaContext.Scope scope = device.Context.Enter();
            using DeviceBuffer tooLarge = new(device.Context, 2 * device.Memory, stream);
            return $"{2 * device.Memory} bytes were allocated on a GPU of {device.Memory}";
        }
        catch (NMSparseCudaException e)
        {
            return e.IsOutOfMemory
                ? StepCheck.Run(runtime, new(new(2, 4), 96, 128, 64, CudaType.F32, CudaType.BF16, Activation.Relu, true) { Seed = seed }, stream)
                : e.Message;
        }
    }

    private static string? Try(KernelMode mode, Func<string?> check)
    {
        KernelMode before = KernelPolicy.Mode;
        KernelPolicy.Mode = mode;
        try
        {
            return Told(check);
        }
        finally
        {
            KernelPolicy.Mode = before;
        }
    }

    private static string? Told(Func<string?> check)
    {
        try
        {
            return check();
        }
        catch (NMSparseException e)
        {
            return e.Message;
        }
    }

    private static CudaStream NewStream(CudaDevice device)
    {
        using CudaContext.Scope scope = device.Context.Enter();
        return new CudaStream(device.Context);
    }
}
