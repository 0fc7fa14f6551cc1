using BiMaskGen.Checkpoints;
using BiMaskGen.Kernels.Cuda;

namespace BiMaskGen.Tool.GpuCheck;

/// <summary>A matrix on a GPU, written and read from float32.</summary>
internal sealed unsafe class DeviceMatrix : IDisposable
{
    // What is uploaded of large random matrices; the rest repeats it, since nothing that is timed depends on which numbers they are.
    private const int RandomBlock = 1 << 22;

    private readonly CudaDevice _device;
    private readonly DeviceBuffer _buffer;
    private readonly long _count;
    private readonly nint _stream;

    /// <summary>Allocates a matrix.</summary>
    public DeviceMatrix(CudaDevice device, CudaType type, long count, nint stream)
    {
        _device = device;
        _count = count;
        _stream = stream;
        Type = type;
        using CudaContext.Scope scope = device.Context.Enter();
        _buffer = new DeviceBuffer(device.Context, count * type.Bytes(), stream);
    }

    /// <summary>The type of its elements.</summary>
    public CudaType Type { get; }

    /// <summary>Its address.</summary>
    public ulong Pointer => _buffer.Pointer;

    /// <summary>The elements as float32, exactly. Waits for the stream.</summary>
    public float[] Values
    {
        get
        {
            byte[] bytes = new byte[_count * Type.Bytes()];
            using (_device.Context.Enter())
            {
                fixed (byte* destination = bytes)
                {
                    _device.Context.Driver.CopyToHost(destination, Pointer, bytes.Length, _stream);
                    _device.Context.Driver.Synchronize(_stream);
                }
            }

            float[] values = new float[_count];
            TensorConversion.ToSingle(Type.OnCpu(), bytes, values);
            return values;
        }
    }

    /// <summary>A matrix of numbers, rounded to the type.</summary>
    public static DeviceMatrix Of(CudaDevice device, CudaType type, ReadOnlySpan<float> values, nint stream)
    {
        DeviceMatrix matrix = new(device, type, values.Length, stream);
        matrix.Write(values);
        return matrix;
    }

    /// <summary>A matrix of normal numbers, a function of the seed.</summary>
    public static DeviceMatrix Random(CudaDevice device, CudaType type, long count, int seed, nint stream)
    {
        int block = (int)Math.Min(count, RandomBlock);
        DeviceMatrix matrix = new(device, type, count, stream);
        matrix.Write(RandomNumbers.Normal(block, seed));
        using CudaContext.Scope scope = device.Context.Enter();
        for (long done = block; done < count; done += block)
        {
            long bytes = Math.Min(block, count - done) * type.Bytes();
            device.Context.Driver.Copy(matrix.Pointer + (ulong)(done * type.Bytes()), matrix.Pointer, bytes, stream);
        }

        return matrix;
    }

    /// <summary>Numbers as a type rounds them.</summary>
    public static float[] Rounded(CudaType type, float[] values)
    {
        byte[] bytes = new byte[(long)values.Length * type.Bytes()];
        TensorConversion.FromSingle(type.OnCpu(), values, bytes);
        float[] rounded = new float[values.Length];
        TensorConversion.ToSingle(type.OnCpu(), bytes, rounded);
        return rounded;
    }

    /// <inheritdoc/>
    public void Dispose() => _buffer.Dispose();

    private void Write(ReadOnlySpan<float> values)
    {
        byte[] bytes = new byte[(long)values.Length * Type.Bytes()];
        TensorConversion.FromSingle(Type.OnCpu(), values, bytes);
        using CudaContext.Scope scope = _device.Context.Enter();
        _buffer.Write<byte>(bytes, _stream);
        _device.Context.Driver.Synchronize(_stream);
    }
}
