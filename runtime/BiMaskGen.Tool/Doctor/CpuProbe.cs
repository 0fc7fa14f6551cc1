using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using BiMaskGen.Kernels.Cpu;
using BiMaskGen.Packing;
using BiMaskGen.Patterns;

namespace BiMaskGen.Tool.Doctor;

/// <summary>What the CPU kernels find.</summary>
internal sealed record CpuResult(string Architecture, int Threads, int VectorBits, IReadOnlyList<string> InstructionSets);

/// <summary>Which kernel multiplies a pattern at a batch size, and from which layout.</summary>
internal sealed record KernelResult(NMPattern Pattern, int Batch, string Layout, string Kernel);

/// <summary>Looks at the CPU as the kernels do.</summary>
internal static class CpuProbe
{
    private static readonly int[] s_batches = [1, 8, 32, 256];

    /// <summary>The CPU.</summary>
    public static CpuResult Run() => new(
        System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture.ToString(),
        CpuPool.Threads,
        VectorWidth.Bits,
        [.. Sets().Where(s => s.Has).Select(s => s.Name)]);

    /// <summary>The kernel of every built-in pattern.</summary>
    public static IReadOnlyList<KernelResult> Kernels() =>
        [.. PatternTypes.BuiltIn.SelectMany(p => s_batches.Select(batch => PatternTypes.Dispatch<Chosen, KernelResult>(p, new Chosen(batch))))];

    private static IEnumerable<(string Name, bool Has)> Sets() =>
    [
        ("SSE4.2", Sse42.IsSupported), ("AVX", Avx.IsSupported), ("AVX2", Avx2.IsSupported), ("FMA", Fma.IsSupported), ("BMI2", Bmi2.IsSupported),
        ("AVX-512F", Avx512F.IsSupported), ("AVX-512BW", Avx512BW.IsSupported), ("AVX-512VBMI", Avx512Vbmi.IsSupported), ("AdvSimd", AdvSimd.IsSupported),
    ];

    private readonly struct Chosen(int batch) : IPatternBody<KernelResult>
    {
        public KernelResult Run<TPattern>()
            where TPattern : struct, INMPattern
        {
            PackedForms form = SparseProduct.FormFor<TPattern>(batch);
            string kernel = form == PackedForms.Groups ? "windows of 32 rows" : "rows in fours";
            return new KernelResult(NMPattern.Of<TPattern>(), batch, form.ToString(), $"{kernel}, {VectorWidth.Bits}-bit");
        }
    }
}
