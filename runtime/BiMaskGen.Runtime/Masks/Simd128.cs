using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BiMaskGen.Masks;

/// <summary>4 lanes of 32 bits. Without hardware vectors the runtime emulates it.</summary>
internal readonly unsafe struct Simd128 : ISimd<Vector128<int>>
{
    public static int Lanes => Vector128<int>.Count;

    public static Vector128<int> Zero => Vector128<int>.Zero;

    public static Vector128<int> LaneBits => Vector128.Create(1, 2, 4, 8);

    public static Vector128<int> Load(int* source) => Vector128.Load(source);

    public static void Store(Vector128<int> a, int* destination) => a.Store(destination);

    public static Vector128<int> Broadcast(int value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> RepeatFour(ulong first, ulong last) => Vector128.Create(first, last).AsInt32();

    public static Vector128<int> And(Vector128<int> a, Vector128<int> b) => a & b;

    public static Vector128<int> Or(Vector128<int> a, Vector128<int> b) => a | b;

    public static Vector128<int> Not(Vector128<int> a) => ~a;

    public static Vector128<int> Add(Vector128<int> a, Vector128<int> b) => a + b;

    public static Vector128<int> Subtract(Vector128<int> a, Vector128<int> b) => a - b;

    public static Vector128<int> Max(Vector128<int> a, Vector128<int> b) => Vector128.Max(a, b);

    public static Vector128<int> Greater(Vector128<int> a, Vector128<int> b) => Vector128.GreaterThan(a, b);

    public static Vector128<int> Equal(Vector128<int> a, Vector128<int> b) => Vector128.Equals(a, b);

    public static Vector128<int> Select(Vector128<int> mask, Vector128<int> a, Vector128<int> b) => Vector128.ConditionalSelect(mask, a, b);

    public static uint Signs(Vector128<int> a) => Vector128.ExtractMostSignificantBits(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> SwapPairs(Vector128<int> a) =>
        Vector128.Shuffle(a, Vector128.Create(1, 0, 3, 2));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> RotateFour1(Vector128<int> a) =>
        Vector128.Shuffle(a, Vector128.Create(1, 2, 3, 0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> RotateFour2(Vector128<int> a) =>
        Vector128.Shuffle(a, Vector128.Create(2, 3, 0, 1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> RotateFour3(Vector128<int> a) =>
        Vector128.Shuffle(a, Vector128.Create(3, 0, 1, 2));
}
