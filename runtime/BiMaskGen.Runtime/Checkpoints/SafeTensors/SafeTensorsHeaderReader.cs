using System.Text.Json;
using System.Text.Unicode;

namespace BiMaskGen.Checkpoints;

/// <summary>
/// Reads the JSON of a safetensors header token by token, so that what is no part of the format (deeper nesting, unknown or repeated
/// fields, numbers that are no integers) is refused where it stands and nothing is built from it.
/// </summary>
internal ref struct SafeTensorsHeaderReader
{
    // The header, a tensor, its shape.
    private const int MaxDepth = 3;

    private readonly string _path;
    private readonly ReadOnlySpan<byte> _json;
    private readonly HashSet<string> _names;
    private Utf8JsonReader _reader;

    public SafeTensorsHeaderReader(string path, ReadOnlySpan<byte> json)
    {
        _path = path;
        _json = json;
        _names = new HashSet<string>(StringComparer.Ordinal);
        _reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        Entries = [];
        Metadata = [];
    }

    public List<HeaderEntry> Entries { get; }

    public Dictionary<string, string> Metadata { get; }

    /// <exception cref="NMSparseCheckpointException">The header is not as the format wants it.</exception>
    public void Read()
    {
        if (_json.IsEmpty || _json[0] != '{')
        {
            throw Error(null, "its header does not begin with '{'.");
        }

        if (!Utf8.IsValid(_json))
        {
            throw Error(null, "its header is no valid UTF-8.");
        }

        try
        {
            ReadHeader();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: an escape in a string that stands for no character.
            throw Error(null, $"its header is no valid JSON: {e.Message}", e);
        }
    }

    private void ReadHeader()
    {
        _reader.Read();
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = _reader.GetString()!;
            if (!_names.Add(name))
            {
                throw Error(name, "the header describes this tensor twice.");
            }

            _reader.Read();
            if (_reader.TokenType != JsonTokenType.StartObject)
            {
                throw Error(name, "an object was expected.");
            }

            if (name == SafeTensorsHeader.MetadataKey)
            {
                ReadMetadata();
            }
            else
            {
                ReadEntry(name);
            }
        }

        // Whatever but white space follows is an error of the JSON reader's.
        _reader.Read();
    }

    private void ReadMetadata()
    {
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = _reader.GetString()!;
            _reader.Read();
            if (_reader.TokenType != JsonTokenType.String)
            {
                throw Error(SafeTensorsHeader.MetadataKey, $"the value of '{NMSparseCheckpointException.Shown(key)}' is no string.");
            }

            if (!Metadata.TryAdd(key, _reader.GetString()!))
            {
                throw Error(SafeTensorsHeader.MetadataKey, $"'{NMSparseCheckpointException.Shown(key)}' is there twice.");
            }
        }
    }

    private void ReadEntry(string name)
    {
        DType? dtype = null;
        long[]? shape = null, offsets = null;
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            if (_reader.ValueTextEquals("dtype"u8) && dtype is null)
            {
                dtype = ReadDType(name);
            }
            else if (_reader.ValueTextEquals("shape"u8) && shape is null)
            {
                shape = ReadIntegers(name, "shape", TensorInfo.MaxRank);
            }
            else if (_reader.ValueTextEquals("data_offsets"u8) && offsets is null)
            {
                offsets = ReadIntegers(name, "data_offsets", 2);
            }
            else
            {
                throw Error(name, $"the field '{NMSparseCheckpointException.Shown(_reader.GetString()!)}' is unknown or there twice.");
            }
        }

        if (dtype is null || shape is null || offsets is not { Length: 2 })
        {
            throw Error(name, "dtype, shape and two data_offsets were expected.");
        }

        AddEntry(name, dtype.Value, shape, offsets[0], offsets[1]);
    }

    private readonly void AddEntry(string name, DType dtype, long[] shape, long begin, long end)
    {
        if (TensorInfo.Measure(dtype, shape, out _, out long bytes) is { } problem)
        {
            throw Error(name, problem);
        }

        // Both offsets are not negative, so their difference does not overflow.
        if (end - begin != bytes)
        {
            throw Error(name, $"{dtype.Name()} {TensorInfo.Describe(shape)} has {bytes} bytes, its data_offsets [{begin}, {end}] hold {end - begin}.");
        }

        Entries.Add(new HeaderEntry(new TensorInfo(name, dtype, shape), begin, end));
    }

    private DType ReadDType(string name)
    {
        _reader.Read();
        if (_reader.TokenType != JsonTokenType.String)
        {
            throw Error(name, "its dtype is no string.");
        }

        string text = _reader.GetString()!;
        return DTypes.TryParse(text, out DType dtype)
            ? dtype
            : throw Error(name, $"the dtype '{NMSparseCheckpointException.Shown(text)}' is unknown; known are {DTypes.KnownNames}.");
    }

    private long[] ReadIntegers(string name, string field, int most)
    {
        _reader.Read();
        if (_reader.TokenType != JsonTokenType.StartArray)
        {
            throw Error(name, $"its {field} is no array.");
        }

        var numbers = new List<long>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            if (_reader.TokenType != JsonTokenType.Number || _reader.ValueSpan[0] == '-' || !_reader.TryGetInt64(out long number))
            {
                throw Error(name, $"its {field} holds something that is no integer from 0 to {long.MaxValue}.");
            }

            if (numbers.Count == most)
            {
                throw Error(name, $"its {field} has more than {most} entries.");
            }

            numbers.Add(number);
        }

        return [.. numbers];
    }

    private readonly NMSparseCheckpointException Error(string? key, string problem, Exception? inner = null) => new(_path, key, problem, inner);
}
