using System.Runtime.InteropServices;
using System.Text;
using BiMaskGen.Kernels;
using BiMaskGen.Kernels.Cuda;
using BiMaskGen.Runtime.Tests.Checkpoints;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Cuda;

/// <summary>Tests that share one build of the kernels.</summary>
[CollectionDefinition(Name)]
public sealed class HostKernelCollection : ICollectionFixture<HostKernels>
{
    public const string Name = "CUDA kernels on the host";
}

/// <summary>The CUDA kernels compiled for this machine, in all variants that tests use, in one library.</summary>
public sealed unsafe class HostKernels : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly nint _library;

    public HostKernels()
    {
        if (NativeCompiler.Host is not null)
        {
            string source = _folder.Write("kernels.cpp", Encoding.UTF8.GetBytes(Source(Variants.Distinct())));
            NativeCompiler.BuildLibrary(_folder["libkernels.so"], source);
            _library = NativeLibrary.Load(_folder["libkernels.so"]);
        }
    }

    /// <summary>The patterns of the tests: all with a type of their own, and some of every other kind.</summary>
    internal static IReadOnlyList<NMPattern> Patterns { get; } =
        [new(1, 2), new(1, 4), new(2, 4), new(3, 4), new(1, 8), new(2, 8), new(4, 8), new(1, 16), new(2, 16), new(1, 32), new(17, 32), new(3, 7), new(2, 12), new(5, 20), new(2, 31)];

    /// <summary>Types of the weight and of the operands.</summary>
    internal static IReadOnlyList<(CudaType Weight, CudaType Operand)> Types { get; } =
    [
        (CudaType.F32, CudaType.BF16), (CudaType.F32, CudaType.F16), (CudaType.F32, CudaType.F32), (CudaType.BF16, CudaType.BF16), (CudaType.F16, CudaType.F16),
    ];

    /// <summary>Types of what is quantised.</summary>
    internal static IReadOnlyList<CudaType> Floats { get; } = [CudaType.F32, CudaType.BF16, CudaType.F16];

    /// <summary>The activations.</summary>
    internal static IReadOnlyList<Activation> Activations { get; } = [Activation.None, Activation.Relu, Activation.Gelu, Activation.Silu];

    /// <summary>The patterns of tests of what other methods than Bi-Mask make of a weight.</summary>
    internal static IReadOnlyList<NMPattern> FewPatterns { get; } = [new(2, 4), new(1, 2), new(2, 8), new(17, 32), new(3, 7)];

    /// <summary>Their types.</summary>
    internal static IReadOnlyList<(CudaType Weight, CudaType Operand)> FewTypes { get; } = [(CudaType.F32, CudaType.BF16), (CudaType.F16, CudaType.F16)];

    /// <summary>What other methods than Bi-Mask make of a weight.</summary>
    internal static IEnumerable<OperandForm> Forms(NMPattern pattern) =>
    [
        new(ForwardOperand.Ranked, BackwardOperand.Forward, pattern.N, pattern.M),
        new(ForwardOperand.Ranked, BackwardOperand.Whole, pattern.N, pattern.M),
        new(ForwardOperand.Fading, BackwardOperand.Forward, pattern.N, pattern.M) { Factor = 0.3f },
        new(ForwardOperand.Kept, BackwardOperand.Forward, pattern.N, pattern.M),
        new(ForwardOperand.Kept, BackwardOperand.Subset, pattern.N, pattern.M),
        .. pattern == new NMPattern(2, 4) ? [new(ForwardOperand.Soft, BackwardOperand.Forward, 2, 4) { Factor = 1.3f }] : Array.Empty<OperandForm>(),
    ];

    private static IEnumerable<KernelVariant> Variants =>
    [
        .. from pattern in Patterns from types in Types select KernelVariant.MaskPass(pattern, ForwardOperand.Ranked, BackwardOperand.Subset, types.Weight, types.Operand),
        .. from pattern in FewPatterns from types in FewTypes from form in Forms(pattern) select KernelVariant.MaskPass(pattern, form.Forward, form.Backward, types.Weight, types.Operand),
        KernelVariant.MaskPass(new(2, 4), ForwardOperand.Fading, BackwardOperand.Forward, CudaType.F32, CudaType.F16),
        .. Floats.Select(KernelVariant.Transposable),
        .. from type in Floats from inPairs in new[] { false, true } select KernelVariant.Sample(inPairs, type),
        .. from types in Types select KernelVariant.WidePass(types.Weight, types.Operand),
        .. from pattern in FewPatterns select KernelVariant.Decay(pattern, true, CudaType.F32, CudaType.F32),
        .. from pattern in Patterns from types in Types select KernelVariant.MaskBits(pattern, types.Weight),
        .. from pattern in Patterns select KernelVariant.Decay(pattern, false, CudaType.F32, CudaType.F32),
        .. from pattern in Patterns select KernelVariant.Decay(pattern, false, CudaType.BF16, CudaType.BF16),
        .. from activation in Activations from types in Types select KernelVariant.Gradient(types.Weight, types.Operand, types.Operand, activation),
        .. from activation in Activations from types in Types select KernelVariant.Epilogue(types.Operand, types.Weight, activation),
        .. from types in Types select KernelVariant.ColumnSums(types.Operand),
        .. from source in Floats from operand in new[] { CudaType.I8, CudaType.E4M3 } select KernelVariant.Quantize(source, operand),
        .. from activation in Activations from types in Types from sums in new[] { CudaType.I32, CudaType.F32 } select KernelVariant.Rescale(sums, types.Weight, types.Operand, activation),
    ];

    /// <summary>A launcher onto this machine.</summary>
    /// <param name="sharedMemory">What a block has.</param>
    internal IKernelLauncher Launcher(int sharedMemory = 227 << 10) => new Host(_library, sharedMemory);

    public void Dispose()
    {
        NativeLibrary.Free(_library);
        _folder.Dispose();
    }

    // Each variant in a namespace of its own, for its kernels' types have the same names.
    private static string Source(IEnumerable<KernelVariant> variants)
    {
        StringBuilder source = new("#include \"host_shim.h\"\n");
        source.Append(KernelSource.Text("common.cuh"));
        foreach (KernelVariant variant in variants)
        {
            string[][] macros = [.. variant.Macros.Split(' ').Select(m => m.Split('='))];
            source.Append($"#undef NMS_SUFFIX\n#define NMS_SUFFIX {Suffix(variant)}\n");
            foreach (string[] macro in macros)
            {
                source.Append($"#define {macro[0]} {macro[1]}\n");
            }

            source.Append($"namespace variant{Suffix(variant)} {{\n").Append(KernelSource.Text($"{variant.Name}.cu")).Append("}\n");
            foreach (string[] macro in macros)
            {
                source.Append($"#undef {macro[0]}\n");
            }
        }

        return source.ToString();
    }

    private static string Suffix(in KernelVariant variant) => "_" + variant.Macros.Replace("NMS_", "", StringComparison.Ordinal).Replace('=', '_').Replace(' ', '_');

    private sealed class Host(nint library, int sharedMemory) : IKernelLauncher
    {
        public int SharedMemoryPerBlock => sharedMemory;

        public void Launch<T>(in KernelVariant variant, in T arguments, (int X, int Y) grid, int sharedBytes = 0)
            where T : unmanaged
        {
            var kernel = (delegate* unmanaged<void*, int, int, void*, int, void>)NativeLibrary.GetExport(library, variant.Name + Suffix(variant));
            void* shared = NativeMemory.AlignedAlloc((nuint)Math.Max(sharedBytes, 16), 16);
            fixed (T* argument = &arguments)
            {
                kernel(argument, grid.X, grid.Y, shared, sharedBytes);
            }

            NativeMemory.AlignedFree(shared);
        }
    }
}
