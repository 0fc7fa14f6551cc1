using System.CommandLine;
using System.Globalization;
using BiMaskGen.Kernels.Cuda;
using BiMaskGen.Tool.GpuCheck;
using BiMaskGen.Tool.Output;
using Spectre.Console;

namespace BiMaskGen.Tool.Verbs;

/// <summary><c>bimask gpu-check</c>: whether the CUDA kernels and products are right on this machine, and what they gain.</summary>
internal static class GpuCheckVerb
{
    private const string Absent = "–";

    /// <summary>What was found.</summary>
    /// <param name="NoGpu">Why nothing could be checked, or null.</param>
    /// <param name="Gpu">The GPU's name.</param>
    /// <param name="ComputeCapability">Its compute capability.</param>
    /// <param name="DriverCuda">The CUDA version of the driver.</param>
    /// <param name="Libraries">The libraries that were used, by name, with their files.</param>
    /// <param name="Versions">Their versions.</param>
    /// <param name="Seed">The seed of the random data.</param>
    /// <param name="Checks">What was verified.</param>
    /// <param name="CopyBytesPerSecond">What a copy within the GPU reads and writes, 0 if nothing was timed.</param>
    /// <param name="Timings">The table.</param>
    /// <param name="Inference">The table of released layers.</param>
    internal sealed record GpuCheckResult(
        string? NoGpu,
        string? Gpu,
        string? ComputeCapability,
        int DriverCuda,
        IReadOnlyDictionary<string, string?> Libraries,
        IReadOnlyDictionary<string, string> Versions,
        int Seed,
        IReadOnlyList<CheckResult> Checks,
        double CopyBytesPerSecond,
        IReadOnlyList<TimingResult> Timings,
        IReadOnlyList<InferenceTimingResult> Inference)
    {
        /// <summary>Whether a GPU was there and all that was verified is right.</summary>
        public bool IsRight => NoGpu is null && Checks.All(c => c.Problem is null);
    }

    public static Command Create()
    {
        Option<int> device = new("--device") { Description = "Which GPU." };
        Option<int?> seed = new("--seed") { Description = "Seed of the random data; another one at each run unless given." };
        Option<string?> pattern = new("--pattern", "-p") { Description = "Verify this pattern alone." };
        Option<bool> verifyOnly = new("--verify-only") { Description = "Verify, but time nothing." };
        return Verb.Create(
            "gpu-check",
            "Verify every CUDA kernel and product on a GPU against float64, then time them against dense ones. Needs the driver and CUDA's libraries, nothing else.",
            [device, seed, pattern, verifyOnly],
            (r, shell, cancellation) =>
            {
                NMPattern? only = r.GetValue(pattern) is { } text ? PatternText.Parse(text) : null;
                return Run(r.GetValue(device), r.GetValue(seed) ?? Random.Shared.Next(1 << 20), only, r.GetValue(verifyOnly), shell, cancellation);
            },
            Show,
            r => r.NoGpu is not null ? ExitCodes.NoGpu : r.IsRight ? ExitCodes.Done : ExitCodes.Different);
    }

    private static GpuCheckResult Run(int ordinal, int seed, NMPattern? only, bool verifyOnly, Shell shell, CancellationToken cancellation)
    {
        (CudaRuntime? runtime, string reason) = CudaRuntime.TryCreate(Environment.GetEnvironmentVariable(LibraryFolders.Variable));
        if (runtime is null)
        {
            return None(reason, seed);
        }

        using (runtime)
        {
            CudaDevice device;
            try
            {
                device = runtime.Device(ordinal);
                _ = (runtime.CublasLt, runtime.CusparseLt);
            }
            catch (NMSparseNoCudaException e)
            {
                return None(e.Message, seed);
            }

            GpuChecks verification = new(runtime, seed, only);
            IReadOnlyList<CheckResult> checks = shell.Progress("verify", verification.Count, step => verification.Run(device, step, cancellation));
            (double copy, IReadOnlyList<TimingResult> timings, IReadOnlyList<InferenceTimingResult> inference) = verifyOnly || checks.Any(c => c.Problem is not null)
                ? (0, [], [])
                : shell.Progress("time", GpuTiming.Shapes.Count, step => Time(runtime, device, step, cancellation));
            return new GpuCheckResult(
                null, device.Name, string.Create(CultureInfo.InvariantCulture, $"{device.Major}.{device.Minor}"), runtime.Driver.Version(),
                runtime.Libraries.ToDictionary(l => l.Name.Title, l => l.Path), Versions(runtime), seed, checks, copy, timings, inference);
        }
    }

    private static Dictionary<string, string> Versions(CudaRuntime runtime) => new()
    {
        ["NVRTC"] = runtime.Nvrtc.Version().ToString(CultureInfo.InvariantCulture),
        ["cuBLASLt"] = runtime.CublasLt.Version().ToString(CultureInfo.InvariantCulture),
        ["cuSPARSELt"] = runtime.CusparseLt.VersionText,
    };

    private static GpuCheckResult None(string reason, int seed) =>
        new(reason, null, null, 0, new Dictionary<string, string?>(), new Dictionary<string, string>(), seed, [], 0, [], []);

    private static (double Copy, IReadOnlyList<TimingResult> Timings, IReadOnlyList<InferenceTimingResult> Inference) Time(
        CudaRuntime runtime, CudaDevice device, Action<string> step, CancellationToken cancellation)
    {
        CudaStream stream;
        using (device.Context.Enter())
        {
            stream = new CudaStream(device.Context);
        }

        GpuTiming timing = new(runtime, device);
        double copy = timing.CopyBandwidth(stream);
        InferenceTiming inference = new(runtime, device);
        List<TimingResult> results = [];
        List<InferenceTimingResult> released = [];
        foreach ((int Tokens, int InFeatures, int OutFeatures) shape in GpuTiming.Shapes)
        {
            cancellation.ThrowIfCancellationRequested();
            results.Add(timing.Run(shape, copy, stream));
            released.Add(inference.Run(shape, stream));
            step($"{shape.Tokens} x {shape.InFeatures} -> {shape.OutFeatures}");
        }

        return (copy, results, released);
    }

    private static void Show(GpuCheckResult r, Shell shell)
    {
        if (r.NoGpu is not null)
        {
            shell.Error($"no GPU could be checked: {r.NoGpu.TrimEnd('.')}. 'bimask doctor' lists every path that was tried.");
            return;
        }

        shell.Text.WriteLine($"{r.Gpu}, compute capability {r.ComputeCapability}, driver for CUDA {r.DriverCuda / 1000}.{r.DriverCuda / 10 % 100}; "
            + string.Join(", ", r.Versions.Select(v => $"{v.Key} {v.Value}")));
        CheckResult[] wrong = [.. r.Checks.Where(c => c.Problem is not null)];
        shell.Text.WriteLine($"{r.Checks.Count - wrong.Length} of {r.Checks.Count} checks are right (seed {r.Seed}).");
        foreach (CheckResult check in wrong)
        {
            shell.Text.WriteLine($"wrong: {check.Name}: {check.Problem}");
        }

        if (r.Timings.Count == 0)
        {
            return;
        }

        shell.Text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"A copy moves {r.CopyBytesPerSecond / 1e9:0} GB/s. Times in ms; 2:4, bf16, fp32 weight:"));
        Table table = Tables.Create(
            "tokens, layer", ">y dense", ">sparse", ">x", ">dX dense", ">sparse", ">x", ">dW", ">mask", ">of copy", ">compress", ">gather", ">step dense", ">sparse", ">x", "chosen", ">step", ">x");
        foreach (TimingResult t in r.Timings)
        {
            table.Row(
                $"{t.Tokens}, {t.InFeatures} -> {t.OutFeatures}", Ms(t.DenseForward), Ms(t.SparseForward), Ratio(t.DenseForward, t.SparseForward), Ms(t.DenseBackward), Ms(t.SparseBackward),
                Ratio(t.DenseBackward, t.SparseBackward), Ms(t.WeightGradient), Ms(t.MaskPass), Tables.Percent(t.MaskPassOfCopy), Ms(t.Compress), Ms(t.Gather), Ms(t.DenseStep),
                Ms(t.SparseStep), Ratio(t.DenseStep, t.SparseStep), $"{t.ChosenForward}, {t.ChosenBackward}", Ms(t.ChosenStep), Ratio(t.DenseStep, t.ChosenStep));
        }

        shell.Results.Write(table);
        shell.Text.WriteLine("Released layers, y alone; 2:4, bf16 input and output; int8 and float8 with quantising the input and scaling back:");
        Table inference = Tables.Create(
            "tokens, layer", ">bf16 dense", ">released", ">x", ">int8", ">x", ">float8", ">x", ">quantise", ">scale back", ">dense weight", ">released", ">int8", ">float8");
        foreach (InferenceTimingResult t in r.Inference)
        {
            inference.Row(
                $"{t.Tokens}, {t.InFeatures} -> {t.OutFeatures}", Ms(t.Dense), Ms(t.Released), Ratio(t.Dense, t.Released), Ms(t.Int8), Ratio(t.Dense, t.Int8), Ms(t.Float8),
                Ratio(t.Dense, t.Float8), Ms(t.Quantize), Ms(t.Rescale), Tables.Bytes(t.DenseBytes), Kept(t.ReleasedBytes), Kept(t.Int8Bytes), Kept(t.Float8Bytes));
        }

        shell.Results.Write(inference);
    }

    private static string Kept(long bytes) => bytes == 0 ? Absent : Tables.Bytes(bytes);

    private static string Ms(double? milliseconds) => milliseconds?.ToString("0.000", CultureInfo.InvariantCulture) ?? Absent;

    private static string Ratio(double dense, double? sparse) => (dense / sparse)?.ToString("0.00", CultureInfo.InvariantCulture) ?? Absent;
}
