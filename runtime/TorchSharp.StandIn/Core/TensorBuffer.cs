using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchSharp;

/// <summary>The memory of one tensor and its views: counted references, 64-byte aligned, reused through <see cref="BufferPool"/>.</summary>
/// <remarks>
/// The bytes live in pinned arrays: kernels see stable addresses, spans keep the memory alive while it is read, and a tensor that nobody
/// disposes is collected like any object, with no finalizer that could hand memory out while a kernel still works on it.
/// </remarks>
internal sealed class TensorBuffer
{
    internal const int Alignment = 64;
    private readonly int start;
    private byte[]? array;
    private int references = 1;
    private int version;

    private TensorBuffer(byte[] array, long length)
    {
        this.array = array;
        start = BufferPool.AlignedStart(array);
        Length = length;
    }

    public long Length { get; }

    /// <summary>Counts in-place changes; all views of the memory share it.</summary>
    public int Version => Volatile.Read(ref version);

    public int References => Volatile.Read(ref references);

    public static TensorBuffer Allocate(long bytes, bool clear)
    {
        var buffer = new TensorBuffer(BufferPool.Rent(bytes), bytes);
        if (clear)
            buffer.Span<byte>(0, bytes).Clear();
        return buffer;
    }

    public void Touch() => Interlocked.Increment(ref version);

    public void AddReference() => Interlocked.Increment(ref references);

    public void Release()
    {
        if (Interlocked.Decrement(ref references) != 0)
            return;
        BufferPool.Return(array!);
        array = null;
    }

    public Span<T> Span<T>(long offset, long count) where T : unmanaged
    {
        byte[] memory = array ?? throw new InvalidOperationException("The memory of this tensor was released.");
        if (offset < 0 || count < 0 || (offset + count) * Unsafe.SizeOf<T>() > Length)
            throw new ArgumentOutOfRangeException(nameof(count), $"{count} elements from {offset} do not lie in {Length} bytes.");
        ref byte first = ref Unsafe.AddByteOffset(ref MemoryMarshal.GetArrayDataReference(memory), (nint)(start + (offset * Unsafe.SizeOf<T>())));
        return MemoryMarshal.CreateSpan(ref Unsafe.As<byte, T>(ref first), checked((int)count));
    }
}

/// <summary>Keeps released arrays by size class, four classes to an octave, up to a cap.</summary>
internal static class BufferPool
{
    private const long Cap = 512L << 20;
    private const int MinimumShift = 8;
    private static readonly Stack<byte[]>[] Classes = CreateClasses();
    private static long pooled;

    /// <summary>Bytes that wait to be used again.</summary>
    public static long PooledBytes => Volatile.Read(ref pooled);

    public static unsafe int AlignedStart(byte[] array)
    {
        nuint address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array));
        return (int)((TensorBuffer.Alignment - (address % TensorBuffer.Alignment)) % TensorBuffer.Alignment);
    }

    public static byte[] Rent(long bytes)
    {
        (int index, long size) = ClassOf(bytes);
        if (size > Array.MaxLength - TensorBuffer.Alignment)
            throw new OutOfMemoryException($"A tensor of {bytes} bytes is larger than the stand-in supports.");
        lock (Classes[index])
        {
            if (Classes[index].TryPop(out byte[]? array))
            {
                Interlocked.Add(ref pooled, -size);
                return array;
            }
        }

        return GC.AllocateUninitializedArray<byte>((int)size + TensorBuffer.Alignment, pinned: true);
    }

    public static void Return(byte[] array)
    {
        (int index, long size) = ClassOf(array.Length - TensorBuffer.Alignment);
        if (Interlocked.Add(ref pooled, size) > Cap)
        {
            Interlocked.Add(ref pooled, -size);
            return;
        }

        lock (Classes[index])
            Classes[index].Push(array);
    }

    private static (int Index, long Size) ClassOf(long bytes)
    {
        if (bytes <= 1L << MinimumShift)
            return (0, 1L << MinimumShift);
        int octave = 63 - System.Numerics.BitOperations.LeadingZeroCount((ulong)(bytes - 1));
        long step = 1L << (octave - 2);
        long quarter = (bytes - 1 - (1L << octave)) / step;
        return (((octave - MinimumShift) * 4) + (int)quarter + 1, (1L << octave) + ((quarter + 1) * step));
    }

    private static Stack<byte[]>[] CreateClasses()
    {
        var classes = new Stack<byte[]>[4 * (64 - MinimumShift)];
        for (int i = 0; i < classes.Length; i++)
            classes[i] = new();
        return classes;
    }
}
