using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BiMaskGen.Masks;

/// <summary>16 lanes of 32 bits.</summary>
internal readonly unsafe struct Simd512 : ISimd<Vector512<int>>
{
    public static int Lanes => Vector512<int>.Count;

    public static Vector512<int> Zero => Vector512<int>.Zero;

    public static Vector512<int> LaneBits => Vector512.Create(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768);

    public static Vector512<int> Load(int* source) => Vector512.Load(source);

    public static void Store(Vector512<int> a, int* destination) => a.Store(destination);

    public static Vector512<int> Broadcast(int value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> RepeatFour(ulong first, ulong last) =>
        Vector512.Create(first, last, first, last, first, last, first, last).AsInt32();

    public static Vector512<int> And(Vector512<int> a, Vector512<int> b) => a & b;

    public static Vector512<int> Or(Vector512<int> a, Vector512<int> b) => a | b;

    public static Vector512<int> Not(Vector512<int> a) => ~a;

    public static Vector512<int> Add(Vector512<int> a, Vector512<int> b) => a + b;

    public static Vector512<int> Subtract(Vector512<int> a, Vector512<int> b) => a - b;

    public static Vector512<int> Max(Vector512<int> a, Vector512<int> b) => Vector512.Max(a, b);

    public static Vector512<int> Greater(Vector512<int> a, Vector512<int> b) => Vector512.GreaterThan(a, b);

    public static Vector512<int> Equal(Vector512<int> a, Vector512<int> b) => Vector512.Equals(a, b);

    public static Vector512<int> Select(Vector512<int> mask, Vector512<int> a, Vector512<int> b) => Vector512.ConditionalSelect(mask, a, b);

    public static uint Signs(Vector512<int> a) => (uint)Vector512.ExtractMostSignificantBits(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> SwapPairs(Vector512<int> a) =>
        Vector512.Shuffle(a, Vector512.Create(1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> RotateFour1(Vector512<int> a) =>
        Vector512.Shuffle(a, Vector512.Create(1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> RotateFour2(Vector512<int> a) =>
        Vector512.Shuffle(a, Vector512.Create(2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> RotateFour3(Vector512<int> a) =>
        Vector512.Shuffle(a, Vector512.Create(3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14));
}
