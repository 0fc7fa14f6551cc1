using System.Runtime.Intrinsics.X86;

namespace BiMaskGen.Kernels.Cpu;

/// <summary>Whose core this is, where two makers' cores want different shapes of the same work.</summary>
internal static class CpuVendor
{
    // The first four letters of "GenuineIntel", as CPUID leaf 0 gives them in EBX.
    private const int Genu = 0x756e6547;

    /// <summary>Whether this is an Intel core; tests set it to see both shapes.</summary>
    internal static bool IsIntel { get; set; } = X86Base.IsSupported && X86Base.CpuId(0, 0).Ebx == Genu;
}
