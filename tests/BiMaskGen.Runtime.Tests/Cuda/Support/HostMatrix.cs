using System.Runtime.InteropServices;
using BiMaskGen.Checkpoints;
using BiMaskGen.Kernels.Cuda;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Cuda;

/// <summary>Elements of a CUDA type in memory with guards on both sides, at an address of any alignment.</summary>
internal sealed unsafe class HostMatrix : IDisposable
{
    private const int Guard = 64;
    private const byte Mark = 0xA5;

    private readonly byte* _memory;
    private readonly int _bytes;
    private readonly int _first;

    public HostMatrix(CudaType type, int count, int misalignment = 0)
    {
        Type = type;
        Count = count;
        _bytes = count * type.Bytes();
        _first = Guard + misalignment;
        _memory = (byte*)NativeMemory.AlignedAlloc((nuint)(_bytes + _first + Guard), 64);
        new Span<byte>(_memory, _bytes + _first + Guard).Fill(Mark);
    }

    public static HostMatrix Of(CudaType type, ReadOnlySpan<float> values, int misalignment = 0)
    {
        HostMatrix matrix = new(type, values.Length, misalignment);
        TensorConversion.FromSingle(DTypeOf(type), values, matrix.Bytes);
        return matrix;
    }

    public CudaType Type { get; }

    public int Count { get; }

    public ulong Pointer => (ulong)(_memory + _first);

    public Span<byte> Bytes => new(_memory + _first, _bytes);

    /// <summary>The elements as float32, exactly.</summary>
    public float[] Values
    {
        get
        {
            float[] values = new float[Count];
            TensorConversion.ToSingle(DTypeOf(Type), Bytes, values);
            return values;
        }
    }

    /// <summary>The bits of the elements.</summary>
    public uint[] Codes => Type == CudaType.F32
        ? MemoryMarshal.Cast<byte, uint>(Bytes).ToArray()
        : [.. MemoryMarshal.Cast<byte, ushort>(Bytes).ToArray().Select(c => (uint)c)];

    public static DType DTypeOf(CudaType type) => type switch { CudaType.F32 => DType.F32, CudaType.BF16 => DType.BF16, _ => DType.F16 };

    /// <summary>Asserts that nothing was written beside the elements.</summary>
    public void AssertGuards()
    {
        Assert.Equal(-1, new Span<byte>(_memory, _first).IndexOfAnyExcept(Mark));
        Assert.Equal(-1, new Span<byte>(_memory + _first + _bytes, Guard).IndexOfAnyExcept(Mark));
    }

    public void Dispose() => NativeMemory.AlignedFree(_memory);
}
