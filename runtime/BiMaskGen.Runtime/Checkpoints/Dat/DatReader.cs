using System.Text;

namespace BiMaskGen.Checkpoints;

/// <summary>Walks through a file of TorchSharp's from tensor to tensor, without touching their data.</summary>
internal ref struct DatReader(MappedFile file)
{
    // A long in groups of seven bits.
    private const int MostBytes = 9;

    // A tensor without elements takes a few bytes of a file and some hundred of memory: a bound keeps the one in relation to the other.
    private const int MostTensors = 1 << 20;

    private readonly List<TensorPlace> _places = [];
    private long _position;

    /// <exception cref="NMSparseCheckpointException">The file is not as the format wants it.</exception>
    public List<TensorPlace> Read()
    {
        long count = ReadInteger(null, "the number of its tensors");
        if (count > MostTensors)
        {
            throw Error(null, $"{count} tensors; at most {MostTensors} are supported. This is no file of TorchSharp's Module.save, or a damaged one.");
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        for (long i = 0; i < count; i++)
        {
            string name = ReadName(i, count);
            if (!names.Add(name))
            {
                throw Error(name, "the file holds this tensor twice.");
            }

            ReadTensor(name);
        }

        return _position == file.Length
            ? _places
            : throw Error(
                null,
                $"its {count} tensors end at byte {_position}, the file at {file.Length}: this is no file of TorchSharp's Module.save, or a damaged one.");
    }

    private string ReadName(long index, long count)
    {
        long length = ReadInteger(null, $"the key of tensor {index + 1} of {count}");
        if (length > file.Length - _position || length > int.MaxValue)
        {
            throw Error(null, $"the key of tensor {index + 1} of {count} would have {length} bytes, {file.Length - _position} are left.");
        }

        try
        {
            string name = TensorNames.StrictUtf8.GetString(file.View(_position, length).AsSpan());
            _position += length;
            return name;
        }
        catch (DecoderFallbackException e)
        {
            throw Error(null, $"the key of tensor {index + 1} of {count}, at byte {_position}, is no valid UTF-8.", e);
        }
    }

    private void ReadTensor(string name)
    {
        long number = ReadInteger(name, "its scalar type");
        if (!DatTypes.TryParse(number, out DType dtype))
        {
            throw Error(name, $"scalar type {number} is none that a checkpoint can hold.");
        }

        long rank = ReadInteger(name, "its rank");
        if (rank > TensorInfo.MaxRank)
        {
            throw Error(name, $"{rank} dimensions; at most {TensorInfo.MaxRank} are supported.");
        }

        long[] shape = new long[rank];
        for (int i = 0; i < shape.Length; i++)
        {
            shape[i] = ReadInteger(name, "its shape");
        }

        if (TensorInfo.Measure(dtype, shape, out _, out long bytes) is { } problem)
        {
            throw Error(name, problem);
        }

        if (bytes > file.Length - _position)
        {
            throw Error(
                name,
                $"{dtype.Name()} {TensorInfo.Describe(shape)} has {bytes} bytes, {file.Length - _position} are left: the file is truncated or damaged.");
        }

        _places.Add(new TensorPlace(new TensorInfo(name, dtype, shape), _position));
        _position += bytes;
    }

    private long ReadInteger(string? name, string what)
    {
        long value = 0;
        for (int i = 0; i < MostBytes; i++)
        {
            if (_position == file.Length)
            {
                throw Error(name, $"the file ends at byte {_position}, within {what}.");
            }

            byte part = file.View(_position++, 1).AsSpan()[0];
            value |= (long)(part & 0x7F) << (7 * i);
            if (part < 0x80)
            {
                return value;
            }
        }

        throw Error(name, $"{what}, at byte {_position - MostBytes}, is no integer of 63 bits.");
    }

    private readonly NMSparseCheckpointException Error(string? key, string problem, Exception? inner = null) => new(file.Path, key, problem, inner);
}
