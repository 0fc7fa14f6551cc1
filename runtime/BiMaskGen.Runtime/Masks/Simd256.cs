using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BiMaskGen.Masks;

/// <summary>8 lanes of 32 bits.</summary>
internal readonly unsafe struct Simd256 : ISimd<Vector256<int>>
{
    public static int Lanes => Vector256<int>.Count;

    public static Vector256<int> Zero => Vector256<int>.Zero;

    public static Vector256<int> LaneBits => Vector256.Create(1, 2, 4, 8, 16, 32, 64, 128);

    public static Vector256<int> Load(int* source) => Vector256.Load(source);

    public static void Store(Vector256<int> a, int* destination) => a.Store(destination);

    public static Vector256<int> Broadcast(int value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> RepeatFour(ulong first, ulong last) => Vector256.Create(first, last, first, last).AsInt32();

    public static Vector256<int> And(Vector256<int> a, Vector256<int> b) => a & b;

    public static Vector256<int> Or(Vector256<int> a, Vector256<int> b) => a | b;

    public static Vector256<int> Not(Vector256<int> a) => ~a;

    public static Vector256<int> Add(Vector256<int> a, Vector256<int> b) => a + b;

    public static Vector256<int> Subtract(Vector256<int> a, Vector256<int> b) => a - b;

    public static Vector256<int> Max(Vector256<int> a, Vector256<int> b) => Vector256.Max(a, b);

    public static Vector256<int> Greater(Vector256<int> a, Vector256<int> b) => Vector256.GreaterThan(a, b);

    public static Vector256<int> Equal(Vector256<int> a, Vector256<int> b) => Vector256.Equals(a, b);

    public static Vector256<int> Select(Vector256<int> mask, Vector256<int> a, Vector256<int> b) => Vector256.ConditionalSelect(mask, a, b);

    public static uint Signs(Vector256<int> a) => Vector256.ExtractMostSignificantBits(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> SwapPairs(Vector256<int> a) =>
        Vector256.Shuffle(a, Vector256.Create(1, 0, 3, 2, 5, 4, 7, 6));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> RotateFour1(Vector256<int> a) =>
        Vector256.Shuffle(a, Vector256.Create(1, 2, 3, 0, 5, 6, 7, 4));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> RotateFour2(Vector256<int> a) =>
        Vector256.Shuffle(a, Vector256.Create(2, 3, 0, 1, 6, 7, 4, 5));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> RotateFour3(Vector256<int> a) =>
        Vector256.Shuffle(a, Vector256.Create(3, 0, 1, 2, 7, 4, 5, 6));
}
