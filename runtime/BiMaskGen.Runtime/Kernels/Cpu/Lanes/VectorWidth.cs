using System.Runtime.Intrinsics;

namespace BiMaskGen.Kernels.Cpu;

/// <summary>A kernel call whose arguments wait for the vector width to be chosen.</summary>
internal interface IWidthBody
{
    void Run<TLanes, TVec>()
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged;
}

/// <summary>The one ladder 512 → 256 → 128 → scalar that every kernel is entered through.</summary>
internal static class VectorWidth
{
    /// <summary>No register wider than this is used; tests lower it to walk down the ladder on one machine.</summary>
    internal static int MaxBits { get; set; } = 512;

    /// <summary>The register width that kernels run at.</summary>
    internal static int Bits =>
        Vector512.IsHardwareAccelerated && MaxBits >= 512 ? 512
        : Vector256.IsHardwareAccelerated && MaxBits >= 256 ? 256
        : Vector128.IsHardwareAccelerated && MaxBits >= 128 ? 128
        : 32;

    internal static void Dispatch<TBody>(ref TBody body)
        where TBody : struct, IWidthBody
    {
        if (Vector512.IsHardwareAccelerated && MaxBits >= 512)
        {
            body.Run<Lanes512, Vector512<float>>();
        }
        else if (Vector256.IsHardwareAccelerated && MaxBits >= 256)
        {
            body.Run<Lanes256, Vector256<float>>();
        }
        else if (Vector128.IsHardwareAccelerated && MaxBits >= 128)
        {
            body.Run<Lanes128, Vector128<float>>();
        }
        else
        {
            body.Run<Lanes32, float>();
        }
    }
}
