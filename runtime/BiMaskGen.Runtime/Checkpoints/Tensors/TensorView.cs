using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace BiMaskGen.Checkpoints;

/// <summary>
/// The bytes of a tensor where they lie: a span that may be longer than 2 GiB. A view into a file is valid until the file is disposed;
/// using it afterwards reads memory that is no longer there.
/// </summary>
public readonly unsafe ref struct TensorView
{
    private readonly ref readonly byte _start;

    /// <summary>Views a span.</summary>
    /// <param name="bytes">The bytes; they have to live as long as the view.</param>
    public TensorView(ReadOnlySpan<byte> bytes)
    {
        _start = ref MemoryMarshal.GetReference(bytes);
        Length = bytes.Length;
    }

    internal TensorView(byte* start, long length)
    {
        _start = ref Unsafe.AsRef<byte>(start);
        Length = length;
    }

    private TensorView(ref readonly byte start, long length)
    {
        _start = ref start;
        Length = length;
    }

    /// <summary>Bytes.</summary>
    public long Length { get; }

    /// <summary>Views a span.</summary>
    /// <param name="bytes">The bytes; they have to live as long as the view.</param>
    public static implicit operator TensorView(ReadOnlySpan<byte> bytes) => new(bytes);

    /// <summary>Views a span.</summary>
    /// <param name="bytes">The bytes; they have to live as long as the view.</param>
    public static implicit operator TensorView(Span<byte> bytes) => new(bytes);

    /// <summary>Views an array.</summary>
    /// <param name="bytes">The bytes.</param>
    public static implicit operator TensorView(byte[] bytes) => new(bytes);

    /// <summary>Some of the bytes.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="length">How many bytes.</param>
    /// <returns>The view of them.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The range is not within the view.</exception>
    public TensorView Slice(long offset, long length)
    {
        Check(offset, length);
        return new TensorView(in Unsafe.AddByteOffset(ref Unsafe.AsRef(in _start), (nint)offset), length);
    }

    /// <summary>Some of the bytes as a span.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="length">How many bytes.</param>
    /// <returns>The span of them.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The range is not within the view.</exception>
    public ReadOnlySpan<byte> Span(long offset, int length)
    {
        Check(offset, length);
        return MemoryMarshal.CreateReadOnlySpan(in Unsafe.AddByteOffset(ref Unsafe.AsRef(in _start), (nint)offset), length);
    }

    /// <summary>All bytes as a span.</summary>
    /// <exception cref="NotSupportedException">They are more than a span can hold.</exception>
    public ReadOnlySpan<byte> AsSpan() => AsSpan<byte>();

    /// <summary>All elements as a span. They need not be aligned.</summary>
    /// <typeparam name="T">A type of the size of the tensor's elements.</typeparam>
    /// <exception cref="ArgumentException">The bytes are no whole number of elements.</exception>
    /// <exception cref="NotSupportedException">They are more than a span can hold, or the machine is big-endian.</exception>
    public ReadOnlySpan<T> AsSpan<T>()
        where T : unmanaged
    {
        if (Length % sizeof(T) != 0)
        {
            throw new ArgumentException($"{Length} bytes are no whole number of elements of {sizeof(T)} bytes.", nameof(T));
        }

        if (Length / sizeof(T) > int.MaxValue || !BitConverter.IsLittleEndian)
        {
            throw new NotSupportedException(
                BitConverter.IsLittleEndian
                    ? $"{Length / sizeof(T)} elements are more than a span can hold: take slices."
                    : "Checkpoints are little-endian, this machine is not.");
        }

        return MemoryMarshal.CreateReadOnlySpan(in Unsafe.As<byte, T>(ref Unsafe.AsRef(in _start)), (int)(Length / sizeof(T)));
    }

    /// <summary>The first byte, for <c>fixed</c>; a null reference if there is none.</summary>
    public ref readonly byte GetPinnableReference() => ref Length == 0 ? ref Unsafe.NullRef<byte>() : ref _start;

    private void Check(long offset, long length)
    {
        if (offset < 0 || length < 0 || offset > Length - length)
        {
            throw new ArgumentOutOfRangeException(nameof(offset), $"{length} bytes from {offset} on are not within a tensor of {Length}.");
        }
    }
}
