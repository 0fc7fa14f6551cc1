using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace BiMaskGen.Kernels.Cpu;

/// <summary>Hints to the caches; nothing where .NET has no instruction for them.</summary>
internal static unsafe class Prefetch
{
    /// <summary>Floats in a cache line.</summary>
    internal const int Line = 16;

    internal static bool IsSupported => Sse.IsSupported;

    /// <summary>Asks for the line of an address, which need not be readable.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Near(float* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(address);
        }
    }
}
