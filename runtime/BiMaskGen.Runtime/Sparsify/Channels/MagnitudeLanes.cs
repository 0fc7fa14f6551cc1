using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BiMaskGen.Sparsify;

/// <summary>32 magnitudes.</summary>
internal readonly unsafe struct MagnitudeLanes512 : IMagnitudeLanes<Vector512<short>>
{
    public static int Count => Vector512<short>.Count;

    public static Vector512<short> Zero => Vector512<short>.Zero;

    public static Vector512<short> Load(short* source) => Vector512.Load(source);

    public static void Store(Vector512<short> value, short* destination) => value.Store(destination);

    public static Vector512<short> Min(Vector512<short> a, Vector512<short> b) => Vector512.Min(a, b);

    public static Vector512<short> Max(Vector512<short> a, Vector512<short> b) => Vector512.Max(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> SelectLess(Vector512<short> a, Vector512<short> b, Vector512<short> less, Vector512<short> other) =>
        Vector512.ConditionalSelect(Vector512.LessThan(a, b), less, other);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> AddPairs(Vector512<short> sums, Vector512<short> magnitudes)
    {
        Vector512<int> pairs = Avx512BW.IsSupported
            ? Avx512BW.MultiplyAddAdjacent(magnitudes, Vector512<short>.One)
            : (magnitudes.AsInt32() & Vector512.Create(0xFFFF)) + (magnitudes.AsInt32() >>> 16);
        return (sums.AsInt32() + pairs).AsInt16();
    }

    public static int Total(Vector512<short> sums) => Vector512.Sum(sums.AsInt32());
}

/// <summary>16 magnitudes.</summary>
internal readonly unsafe struct MagnitudeLanes256 : IMagnitudeLanes<Vector256<short>>
{
    public static int Count => Vector256<short>.Count;

    public static Vector256<short> Zero => Vector256<short>.Zero;

    public static Vector256<short> Load(short* source) => Vector256.Load(source);

    public static void Store(Vector256<short> value, short* destination) => value.Store(destination);

    public static Vector256<short> Min(Vector256<short> a, Vector256<short> b) => Vector256.Min(a, b);

    public static Vector256<short> Max(Vector256<short> a, Vector256<short> b) => Vector256.Max(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> SelectLess(Vector256<short> a, Vector256<short> b, Vector256<short> less, Vector256<short> other) =>
        Vector256.ConditionalSelect(Vector256.LessThan(a, b), less, other);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> AddPairs(Vector256<short> sums, Vector256<short> magnitudes)
    {
        Vector256<int> pairs = Avx2.IsSupported
            ? Avx2.MultiplyAddAdjacent(magnitudes, Vector256<short>.One)
            : (magnitudes.AsInt32() & Vector256.Create(0xFFFF)) + (magnitudes.AsInt32() >>> 16);
        return (sums.AsInt32() + pairs).AsInt16();
    }

    public static int Total(Vector256<short> sums) => Vector256.Sum(sums.AsInt32());
}

/// <summary>8 magnitudes.</summary>
internal readonly unsafe struct MagnitudeLanes128 : IMagnitudeLanes<Vector128<short>>
{
    public static int Count => Vector128<short>.Count;

    public static Vector128<short> Zero => Vector128<short>.Zero;

    public static Vector128<short> Load(short* source) => Vector128.Load(source);

    public static void Store(Vector128<short> value, short* destination) => value.Store(destination);

    public static Vector128<short> Min(Vector128<short> a, Vector128<short> b) => Vector128.Min(a, b);

    public static Vector128<short> Max(Vector128<short> a, Vector128<short> b) => Vector128.Max(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> SelectLess(Vector128<short> a, Vector128<short> b, Vector128<short> less, Vector128<short> other) =>
        Vector128.ConditionalSelect(Vector128.LessThan(a, b), less, other);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> AddPairs(Vector128<short> sums, Vector128<short> magnitudes)
    {
        Vector128<int> pairs = Sse2.IsSupported
            ? Sse2.MultiplyAddAdjacent(magnitudes, Vector128<short>.One)
            : (magnitudes.AsInt32() & Vector128.Create(0xFFFF)) + (magnitudes.AsInt32() >>> 16);
        return (sums.AsInt32() + pairs).AsInt16();
    }

    public static int Total(Vector128<short> sums) => Vector128.Sum(sums.AsInt32());
}

/// <summary>One magnitude, for machines without vectors.</summary>
internal readonly unsafe struct MagnitudeLanes16 : IMagnitudeLanes<int>
{
    public static int Count => 1;

    public static int Zero => 0;

    public static int Load(short* source) => *source;

    public static void Store(int value, short* destination) => *destination = (short)value;

    public static int Min(int a, int b) => Math.Min(a, b);

    public static int Max(int a, int b) => Math.Max(a, b);

    public static int SelectLess(int a, int b, int less, int other) => a < b ? less : other;

    public static int AddPairs(int sums, int magnitudes) => sums + magnitudes;

    public static int Total(int sums) => sums;
}
