using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BiMaskGen.Kernels.Cpu;

/// <summary>A register of inputs from which every lane picks one by index.</summary>
/// <typeparam name="TVec">One register of floats, and of as many 32-bit words.</typeparam>
internal unsafe interface IWindow<TVec>
    where TVec : unmanaged
{
    /// <summary>The largest M whose group fits a register.</summary>
    static abstract int MaxGroup { get; }

    /// <summary>The M inputs of a group, repeated as often as they fit; reads up to the next power of two.</summary>
    static abstract TVec Group<TPattern>(float* source)
        where TPattern : struct, INMPattern;

    /// <summary>Words, kept in the bits of a register of floats.</summary>
    static abstract TVec LoadWords(uint* source);

    /// <summary>Every word moved down.</summary>
    static abstract TVec Shift(TVec words, int bits);

    /// <summary>In every lane the input of the group that the lowest bits of its word tell; higher bits do not matter.</summary>
    static abstract TVec Pick<TPattern>(TVec group, TVec words)
        where TPattern : struct, INMPattern;
}

internal readonly unsafe struct Window512 : IWindow<Vector512<float>>
{
    public static int MaxGroup => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Group<TPattern>(float* source)
        where TPattern : struct, INMPattern =>
        TPattern.M <= 2 ? Vector512.Create(*(double*)source).AsSingle()
        : TPattern.M <= 4 ? Avx512F.BroadcastVector128ToVector512(source)
        : TPattern.M <= 8 ? Avx512F.BroadcastVector256ToVector512((double*)source).AsSingle()
        : Vector512.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadWords(uint* source) => Vector512.Load(source).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Shift(Vector512<float> words, int bits) => (words.AsUInt32() >> bits).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Pick<TPattern>(Vector512<float> group, Vector512<float> words)
        where TPattern : struct, INMPattern =>
        TPattern.M <= 4 ? Avx512F.PermuteVar4x32(group, words.AsInt32()) : Avx512F.PermuteVar16x32(group, words.AsInt32());
}

internal readonly unsafe struct Window256 : IWindow<Vector256<float>>
{
    public static int MaxGroup => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Group<TPattern>(float* source)
        where TPattern : struct, INMPattern =>
        TPattern.M <= 2 ? Vector256.Create(*(double*)source).AsSingle()
        : TPattern.M <= 4 ? Avx.BroadcastVector128ToVector256(source)
        : Vector256.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LoadWords(uint* source) => Vector256.Load(source).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Shift(Vector256<float> words, int bits) => (words.AsUInt32() >> bits).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Pick<TPattern>(Vector256<float> group, Vector256<float> words)
        where TPattern : struct, INMPattern =>
        TPattern.M <= 4 ? Avx.PermuteVar(group, words.AsInt32()) : Avx2.PermuteVar8x32(group, words.AsInt32());
}
