using System.CommandLine;
using System.Runtime.InteropServices;
using BiMaskGen.Kernels.Cuda;
using BiMaskGen.Tool.Doctor;
using BiMaskGen.Tool.Output;
using Spectre.Console;

namespace BiMaskGen.Tool.Verbs;

/// <summary><c>bimask doctor</c>: what this machine has, and what would run on it.</summary>
internal static class DoctorVerb
{
    /// <summary>What was found.</summary>
    internal sealed record DoctorResult(
        string Version,
        string System,
        string Runtime,
        CpuResult Cpu,
        string KernelMode,
        IReadOnlyList<KernelResult> Kernels,
        IReadOnlyList<NativeResult> Libraries,
        IReadOnlyList<GpuResult> Gpus,
        string? NoGpu,
        string KernelCache);

    public static Command Create() => Verb.Create(
        "doctor",
        "Tell what this machine has: instruction sets, native libraries and where they were looked for, GPUs, and the kernel for each pattern.",
        [],
        (_, _, _) => Run(),
        Show);

    private static DoctorResult Run()
    {
        (IReadOnlyList<GpuResult> gpus, string? reason) = GpuProbe.Gpus();
        return new DoctorResult(
            typeof(DoctorVerb).Assembly.GetName().Version!.ToString(3),
            RuntimeInformation.OSDescription,
            RuntimeInformation.FrameworkDescription,
            CpuProbe.Run(),
            KernelPolicy.Mode.ToString(),
            CpuProbe.Kernels(),
            GpuProbe.Libraries(),
            gpus,
            reason,
            CubinCache.Default.Folder);
    }

    private static void Show(DoctorResult r, Shell shell)
    {
        shell.Text.WriteLine($"bimask {r.Version} on {r.Runtime}, {r.System}");
        shell.Text.WriteLine($"CPU: {r.Cpu.Architecture}, {r.Cpu.Threads} threads, {r.Cpu.VectorBits}-bit kernels; {string.Join(", ", r.Cpu.InstructionSets)}");
        shell.Text.WriteLine(r.Gpus.Count == 0
            ? $"GPU: none ({r.NoGpu})"
            : $"GPU: {string.Join("; ", r.Gpus.Select(g => $"{g.Name}, compute capability {g.ComputeCapability}, {Tables.Bytes(g.MemoryBytes)}"))}");
        foreach (GpuResult gpu in r.Gpus)
        {
            shell.Text.WriteLine($"{gpu.Name}: products in bfloat16 and float16; released layers also in int8 ({gpu.NoInt8 ?? "yes"}) and float8 ({gpu.NoFloat8 ?? "yes"})");
        }

        shell.Text.WriteLine($"Compiled CUDA kernels are kept in {r.KernelCache} ({CubinCache.Variable}); 'bimask gpu-check' verifies and times them.");
        shell.Text.WriteLine($"{KernelPolicy.Variable}: {r.KernelMode.ToLowerInvariant()}. In auto every layer measures the sparse and the masked dense product and keeps the faster; the sparse one would be:");

        Table kernels = Tables.Create(["pattern", .. r.Kernels.Select(k => k.Batch).Distinct().Select(b => $"batch {b}")]);
        foreach (IGrouping<NMPattern, KernelResult> pattern in r.Kernels.GroupBy(k => k.Pattern))
        {
            kernels.Row([pattern.Key.ToString(), .. pattern.Select(k => k.Kernel)]);
        }

        shell.Results.Write(kernels);
        Table libraries = Tables.Create("library", "for", "found");
        foreach (NativeResult library in r.Libraries)
        {
            libraries.Row(library.Library, library.Use, library.Found ?? $"no; tried {library.Tried.Count}");
        }

        shell.Results.Write(libraries);
        foreach (NativeResult library in r.Libraries.Where(l => l.Found is null))
        {
            shell.Text.WriteLine($"{library.Library} tried: {string.Join(", ", library.Tried.Select(Show))}");
        }
    }

    private static string Show(LibraryAttempt attempt) =>
        attempt.Outcome == LibraryAttempt.Absent ? $"{attempt.Path} ({attempt.Place})" : $"{attempt.Path} ({attempt.Place}: {attempt.Outcome})";
}
