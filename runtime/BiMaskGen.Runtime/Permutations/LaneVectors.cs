using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BiMaskGen.Permutations;

/// <summary>Words of as many sets as a register holds.</summary>
internal unsafe interface ILaneVector<TSelf>
    where TSelf : unmanaged, ILaneVector<TSelf>
{
    /// <summary>A word of the query in common with the same word of each set.</summary>
    static abstract TSelf Common(ulong query, ulong* lanes);

    /// <summary>Adds three bits in every position: the sum stays, the carry is returned.</summary>
    static abstract TSelf AddBits(ref TSelf sum, TSelf a, TSelf b);

    /// <summary>The ones of each word.</summary>
    static abstract TSelf Ones(TSelf set);

    /// <summary>a + b, word by word.</summary>
    static abstract TSelf Add(TSelf a, TSelf b);

    /// <summary>Writes the words as numbers.</summary>
    static abstract void Store(TSelf counts, int* target);
}

/// <summary>8 sets. There is no vector popcount in .NET: two table look-ups per byte.</summary>
internal readonly unsafe struct Lanes512(Vector512<ulong> words) : ILaneVector<Lanes512>
{
    private readonly Vector512<ulong> _words = words;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Common(ulong query, ulong* lanes) => new(Vector512.Create(query) & Vector512.Load(lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 AddBits(ref Lanes512 sum, Lanes512 a, Lanes512 b)
    {
        const byte Majority = 0xE8;
        const byte Parity = 0x96;
        Vector512<ulong> carry = Avx512F.TernaryLogic(sum._words, a._words, b._words, Majority);
        sum = new(Avx512F.TernaryLogic(sum._words, a._words, b._words, Parity));
        return new(carry);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Ones(Lanes512 set)
    {
        Vector512<byte> table = Vector512.Create(
            NibbleOnes.Low, NibbleOnes.High, NibbleOnes.Low, NibbleOnes.High, NibbleOnes.Low, NibbleOnes.High, NibbleOnes.Low, NibbleOnes.High).AsByte();
        Vector512<byte> nibble = Vector512.Create((byte)0x0F);
        Vector512<byte> low = set._words.AsByte() & nibble;
        Vector512<byte> high = (set._words >> 4).AsByte() & nibble;
        Vector512<byte> counts = Avx512BW.Shuffle(table, low) + Avx512BW.Shuffle(table, high);
        return new(Avx512BW.SumAbsoluteDifferences(counts, Vector512<byte>.Zero).AsUInt64());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Add(Lanes512 a, Lanes512 b) => new(a._words + b._words);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes512 counts, int* target) => Avx512F.ConvertToVector256Int32(counts._words).Store(target);
}

/// <summary>4 sets, in the same way.</summary>
internal readonly unsafe struct Lanes256(Vector256<ulong> words) : ILaneVector<Lanes256>
{
    private readonly Vector256<ulong> _words = words;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Common(ulong query, ulong* lanes) => new(Vector256.Create(query) & Vector256.Load(lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 AddBits(ref Lanes256 sum, Lanes256 a, Lanes256 b)
    {
        Vector256<ulong> odd = sum._words ^ a._words;
        Vector256<ulong> carry = (sum._words & a._words) | (odd & b._words);
        sum = new(odd ^ b._words);
        return new(carry);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Ones(Lanes256 set)
    {
        Vector256<byte> table = Vector256.Create(NibbleOnes.Low, NibbleOnes.High, NibbleOnes.Low, NibbleOnes.High).AsByte();
        Vector256<byte> nibble = Vector256.Create((byte)0x0F);
        Vector256<byte> low = set._words.AsByte() & nibble;
        Vector256<byte> high = (set._words >> 4).AsByte() & nibble;
        Vector256<byte> counts = Avx2.Shuffle(table, low) + Avx2.Shuffle(table, high);
        return new(Avx2.SumAbsoluteDifferences(counts, Vector256<byte>.Zero).AsUInt64());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Add(Lanes256 a, Lanes256 b) => new(a._words + b._words);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes256 counts, int* target) =>
        Vector128.Narrow(counts._words.GetLower(), counts._words.GetUpper()).AsInt32().Store(target);
}

/// <summary>One set.</summary>
internal readonly unsafe struct Lanes64(ulong word) : ILaneVector<Lanes64>
{
    private readonly ulong _word = word;

    public static Lanes64 Common(ulong query, ulong* lanes) => new(query & *lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes64 AddBits(ref Lanes64 sum, Lanes64 a, Lanes64 b)
    {
        ulong odd = sum._word ^ a._word;
        ulong carry = (sum._word & a._word) | (odd & b._word);
        sum = new(odd ^ b._word);
        return new(carry);
    }

    public static Lanes64 Ones(Lanes64 set) => new((ulong)BitOperations.PopCount(set._word));

    public static Lanes64 Add(Lanes64 a, Lanes64 b) => new(a._word + b._word);

    public static void Store(Lanes64 counts, int* target) => *target = (int)counts._word;
}

/// <summary>Ones of each nibble, 0 to 15. Two words: the JIT rebuilds a nested vector inside the loop.</summary>
internal static class NibbleOnes
{
    public const ulong Low = 0x0302_0201_0201_0100;
    public const ulong High = 0x0403_0302_0302_0201;
}
