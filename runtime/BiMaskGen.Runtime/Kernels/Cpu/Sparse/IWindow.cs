using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BiMaskGen.Kernels.Cpu;

/// <summary>A register of consecutive inputs from which every lane picks one by index.</summary>
/// <typeparam name="TVec">One register of floats, and of as many 32-bit indices.</typeparam>
internal unsafe interface IWindow<TVec>
    where TVec : unmanaged
{
    /// <summary>As many indices from bytes, kept in the bits of a register of floats.</summary>
    static abstract TVec LoadIndices(byte* source);

    /// <summary>table[index % Count] in every lane.</summary>
    static abstract TVec Pick(TVec table, TVec indices);
}

internal readonly unsafe struct Window512 : IWindow<Vector512<float>>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadIndices(byte* source) => Avx512F.ConvertToVector512Int32(Vector128.Load(source)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Pick(Vector512<float> table, Vector512<float> indices) =>
        Avx512F.PermuteVar16x32(table, indices.AsInt32());
}

internal readonly unsafe struct Window256 : IWindow<Vector256<float>>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LoadIndices(byte* source) =>
        Avx2.ConvertToVector256Int32(Vector128.CreateScalar(*(long*)source).AsByte()).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Pick(Vector256<float> table, Vector256<float> indices) =>
        Avx2.PermuteVar8x32(table, indices.AsInt32());
}
