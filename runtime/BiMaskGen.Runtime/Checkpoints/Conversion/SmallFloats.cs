using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace BiMaskGen.Checkpoints;

/// <summary>Arrays of small floats to and from float32: whole registers, then the rest through buffers of that size.</summary>
internal static class SmallFloats
{
    /// <summary>Widens codes of 16 bits.</summary>
    public static void Widen<T>(ReadOnlySpan<ushort> source, Span<float> destination)
        where T : struct, ISmallFloat
    {
        int i = 0;
        for (; i <= source.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            WidenRegister<T>(source[i..], MemoryMarshal.Cast<float, int>(destination[i..]));
        }

        if (i < source.Length)
        {
            Span<ushort> codes = stackalloc ushort[Vector<ushort>.Count];
            Span<int> bits = stackalloc int[Vector<ushort>.Count];
            source[i..].CopyTo(codes);
            WidenRegister<T>(codes, bits);
            MemoryMarshal.Cast<int, float>(bits)[..(source.Length - i)].CopyTo(destination[i..]);
        }
    }

    /// <summary>Widens codes of 8 bits.</summary>
    public static void Widen<T>(ReadOnlySpan<byte> source, Span<float> destination)
        where T : struct, ISmallFloat
    {
        // By table: 256 entries stay in the nearest cache and cost one load.
        ReadOnlySpan<float> values = Table<T>.Values;
        for (int i = 0; i < source.Length; i++)
        {
            destination[i] = values[source[i]];
        }
    }

    /// <summary>Narrows to codes of 16 bits.</summary>
    public static void Narrow<T>(ReadOnlySpan<float> source, Span<ushort> destination)
        where T : struct, ISmallFloat
    {
        int i = 0;
        for (; i <= source.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            NarrowRegister<T>(MemoryMarshal.Cast<float, int>(source[i..])).CopyTo(destination[i..]);
        }

        if (i < source.Length)
        {
            Span<int> bits = stackalloc int[Vector<ushort>.Count];
            Span<ushort> codes = stackalloc ushort[Vector<ushort>.Count];
            MemoryMarshal.Cast<float, int>(source[i..]).CopyTo(bits);
            NarrowRegister<T>(bits).CopyTo(codes);
            codes[..(source.Length - i)].CopyTo(destination[i..]);
        }
    }

    /// <summary>Narrows to codes of 8 bits.</summary>
    public static void Narrow<T>(ReadOnlySpan<float> source, Span<byte> destination)
        where T : struct, ISmallFloat
    {
        int i = 0;
        for (; i <= source.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            NarrowBytes<T>(MemoryMarshal.Cast<float, int>(source[i..])).CopyTo(destination[i..]);
        }

        if (i < source.Length)
        {
            Span<int> bits = stackalloc int[Vector<byte>.Count];
            Span<byte> codes = stackalloc byte[Vector<byte>.Count];
            MemoryMarshal.Cast<float, int>(source[i..]).CopyTo(bits);
            NarrowBytes<T>(bits).CopyTo(codes);
            codes[..(source.Length - i)].CopyTo(destination[i..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WidenRegister<T>(ReadOnlySpan<ushort> codes, Span<int> bits)
        where T : struct, ISmallFloat
    {
        Vector.Widen(new Vector<ushort>(codes), out Vector<uint> lower, out Vector<uint> upper);
        SmallFloatCodes<T>.Widen(Vector.AsVectorInt32(lower)).CopyTo(bits);
        SmallFloatCodes<T>.Widen(Vector.AsVectorInt32(upper)).CopyTo(bits[Vector<int>.Count..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<ushort> NarrowRegister<T>(ReadOnlySpan<int> bits)
        where T : struct, ISmallFloat =>
        Vector.AsVectorUInt16(Vector.Narrow(
            SmallFloatCodes<T>.Narrow(new Vector<int>(bits)),
            SmallFloatCodes<T>.Narrow(new Vector<int>(bits[Vector<int>.Count..]))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<byte> NarrowBytes<T>(ReadOnlySpan<int> bits)
        where T : struct, ISmallFloat =>
        Vector.Narrow(NarrowRegister<T>(bits), NarrowRegister<T>(bits[Vector<ushort>.Count..]));

    private static class Table<T>
        where T : struct, ISmallFloat
    {
        public static float[] Values { get; } =
            [.. Enumerable.Range(0, 256).Select(code => BitConverter.Int32BitsToSingle(SmallFloatCodes<T>.Widen(new Vector<int>(code))[0]))];
    }
}
