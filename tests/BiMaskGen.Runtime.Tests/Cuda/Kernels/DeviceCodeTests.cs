using System.Text;
using System.Text.RegularExpressions;
using BiMaskGen.Kernels;
using BiMaskGen.Kernels.Cuda;
using BiMaskGen.Runtime.Tests.Checkpoints;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Cuda;

/// <summary>
/// The sources as device code, where there is a clang that makes PTX: that they compile for a GPU, move 16 bytes at a time, and leave nothing
/// in local memory, as an array indexed at run time would. NVRTC may decide otherwise; what a GPU makes of it only a GPU can tell.
/// </summary>
public sealed partial class DeviceCodeTests
{
    [DeviceTheory]
    [InlineData(2, 4, 0)]
    [InlineData(2, 4, 3)]
    [InlineData(1, 2, 4)]
    [InlineData(2, 8, 1)]
    [InlineData(1, 16, 0)]
    [InlineData(1, 32, 3)]
    public void TheMaskPassKeepsItsGroupsInRegisters(int n, int m, int types)
    {
        (CudaType weight, CudaType operand) = HostKernels.Types[types];
        string ptx = Compile(KernelVariant.MaskPass(new NMPattern(n, m), ForwardOperand.Ranked, BackwardOperand.Subset, weight, operand));
        Assert.DoesNotContain("__local_depot", ptx, StringComparison.Ordinal);

        // All that a thread loads before it ranks anything, 16 bytes a load: its share of the 4096 weights of a tile, in whole chunks.
        int chunk = Math.Max(m, 16 / weight.Bytes());
        int chunksOfAThread = ((4096 / chunk) + 255) / 256;
        Assert.Equal(chunksOfAThread * chunk * weight.Bytes() / 16, Loads().Count(ptx[..ptx.IndexOf("bar.sync", StringComparison.Ordinal)]));
        Assert.NotEmpty(Stores().Matches(ptx));
    }

    [DeviceTheory]
    [InlineData(Activation.None)]
    [InlineData(Activation.Relu)]
    [InlineData(Activation.Gelu)]
    [InlineData(Activation.Silu)]
    public void TheOthersMoveSixteenBytesAtATime(Activation activation)
    {
        KernelVariant[] variants =
        [
            KernelVariant.Gradient(CudaType.F32, CudaType.BF16, CudaType.BF16, activation), KernelVariant.Epilogue(CudaType.BF16, CudaType.F32, activation),
            KernelVariant.Quantize(CudaType.BF16, CudaType.I8), KernelVariant.Quantize(CudaType.BF16, CudaType.E4M3),
            KernelVariant.Rescale(CudaType.I32, CudaType.F32, CudaType.BF16, activation), KernelVariant.Rescale(CudaType.F32, CudaType.BF16, CudaType.F32, activation),
            KernelVariant.ColumnSums(CudaType.BF16), KernelVariant.Decay(new NMPattern(2, 4), false, CudaType.F32, CudaType.F32),
        ];
        foreach (KernelVariant variant in variants)
        {
            string ptx = Compile(variant);
            Assert.DoesNotContain("__local_depot", ptx, StringComparison.Ordinal);
            Assert.NotEmpty(Loads().Matches(ptx));
            Assert.NotEmpty(Stores().Matches(ptx));
        }

        foreach (OperandForm form in HostKernels.Forms(new NMPattern(2, 4)))
        {
            string ptx = Compile(KernelVariant.MaskPass(form.Pattern, form.Forward, form.Backward, CudaType.F32, CudaType.BF16));
            Assert.DoesNotContain("__local_depot", ptx, StringComparison.Ordinal);
            Assert.NotEmpty(Loads().Matches(ptx));

            // A pass without a backward operand has nothing to keep for it.
            Assert.Equal(form.Backward == BackwardOperand.Forward, !ptx.Contains("4tile", StringComparison.Ordinal));
        }

        foreach (KernelVariant variant in (KernelVariant[])[KernelVariant.WidePass(CudaType.F32, CudaType.BF16), KernelVariant.Decay(new NMPattern(2, 4), true, CudaType.F32, CudaType.F32), KernelVariant.Transposable(CudaType.F32), KernelVariant.Sample(false, CudaType.BF16), KernelVariant.Sample(true, CudaType.F32)])
        {
            Assert.DoesNotContain("__local_depot", Compile(variant), StringComparison.Ordinal);
        }

        Assert.Contains(".entry mask_bits", Compile(KernelVariant.MaskBits(new NMPattern(3, 7), CudaType.F16)), StringComparison.Ordinal);
    }

    private static string Compile(in KernelVariant variant)
    {
        using TempFolder folder = new();
        string source = folder.Write("kernel.cu", Encoding.UTF8.GetBytes("#include \"device_shim.h\"\n" + KernelSource.Of(variant.Name)));
        string? problem = NativeCompiler.Run(
            NativeCompiler.Device!, [.. DeviceTheoryAttribute.Options, "-I", NativeCompiler.Sources, .. variant.Macros.Split(' ').Select(m => $"-D{m}"), source, "-o", folder["kernel.ptx"]]);
        Assert.True(problem is null, problem);
        return File.ReadAllText(folder["kernel.ptx"]);
    }

    [GeneratedRegex(@"ld\.global\.v4\.u32")]
    private static partial Regex Loads();

    [GeneratedRegex(@"st\.(global\.)?v[24]\.u32")]
    private static partial Regex Stores();
}

/// <summary>A test that needs a compiler for NVIDIA's GPUs; skipped, with the reason, where there is none.</summary>
public sealed class DeviceTheoryAttribute : TheoryAttribute
{
    private static readonly Lazy<string?> s_problem = new(Probe);

    public DeviceTheoryAttribute() => Skip = s_problem.Value;

    /// <summary>CUDA without NVIDIA's headers, to PTX.</summary>
    internal static string[] Options { get; } =
    [
        "-x", "cuda", "--cuda-gpu-arch=sm_86", "-Xclang", "-target-feature", "-Xclang", "+ptx71", "-nocudainc", "-nocudalib", "--cuda-device-only",
        "-std=c++17", "-O3", "-S",
    ];

    private static string? Probe()
    {
        if (NativeCompiler.Device is null)
        {
            return NativeCompiler.NoDevice;
        }

        using TempFolder folder = new();
        string source = folder.Write("probe.cu", "__attribute__((global)) void probe() {}"u8.ToArray());
        return NativeCompiler.Run(NativeCompiler.Device, [.. Options, source, "-o", folder["probe.ptx"]]) is { } problem
            ? $"{NativeCompiler.Device} makes no PTX: {problem.Split('\n')[^1]}"
            : null;
    }
}
