using System.Buffers.Binary;
using System.Text.Json;

namespace BiMaskGen.Checkpoints;

/// <summary>The header of a safetensors file, read and checked against the file's length.</summary>
internal sealed class SafeTensorsHeader
{
    /// <summary>The format's limit.</summary>
    public const int MaxBytes = 100_000_000;

    /// <summary>The one key of a header that is no tensor.</summary>
    public const string MetadataKey = "__metadata__";

    private SafeTensorsHeader(IReadOnlyList<TensorPlace> places, IReadOnlyDictionary<string, string> metadata)
    {
        Places = places;
        Metadata = metadata;
    }

    /// <summary>The tensors, by their place in the file.</summary>
    public IReadOnlyList<TensorPlace> Places { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <exception cref="NMSparseCheckpointException">The header or its length is wrong.</exception>
    public static SafeTensorsHeader Read(MappedFile file)
    {
        if (file.Length < SafeTensorsFile.LengthBytes)
        {
            throw new NMSparseCheckpointException(
                file.Path,
                null,
                $"{file.Length} bytes are no safetensors file: it begins with the {SafeTensorsFile.LengthBytes} bytes of its header's length.");
        }

        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(file.View(0, SafeTensorsFile.LengthBytes).AsSpan());
        if (length > MaxBytes)
        {
            throw new NMSparseCheckpointException(
                file.Path, null, $"its header would have {length} bytes, the format allows {MaxBytes}: this is no safetensors file, or a damaged one.");
        }

        long start = SafeTensorsFile.LengthBytes + (long)length;
        if (start > file.Length)
        {
            throw new NMSparseCheckpointException(
                file.Path, null, $"its header has {length} bytes, but only {file.Length - SafeTensorsFile.LengthBytes} follow: the file is truncated.");
        }

        var reader = new SafeTensorsHeaderReader(file.Path, file.View(SafeTensorsFile.LengthBytes, (long)length).AsSpan());
        reader.Read();
        return new SafeTensorsHeader(Place(file, reader.Entries, start), reader.Metadata);
    }

    /// <summary>Checks that the tensors' data follow one another without gaps from the header to the file's end.</summary>
    private static List<TensorPlace> Place(MappedFile file, List<HeaderEntry> entries, long start)
    {
        entries.Sort((a, b) => (a.Begin, a.End).CompareTo((b.Begin, b.End)));
        var places = new List<TensorPlace>(entries.Count);
        long end = 0, data = file.Length - start;
        string before = "the header's end";
        foreach ((TensorInfo info, long first, long last) in entries)
        {
            if (last > data)
            {
                throw new NMSparseCheckpointException(
                    file.Path, info.Name, $"its data end at {last}, the file's at {data}: the file is truncated, or the header damaged.");
            }

            if (first != end)
            {
                throw new NMSparseCheckpointException(
                    file.Path, info.Name, $"its data begin at {first}, {(first < end ? "within" : "not right behind")} those of {before}, which end at {end}.");
            }

            places.Add(new TensorPlace(info, start + first));
            end = last;
            before = NMSparseCheckpointException.Shown(info.Name);
        }

        return end == data
            ? places
            : throw new NMSparseCheckpointException(file.Path, null, $"its tensors end at {end}, but {data - end} bytes follow that belong to none.");
    }
}

/// <summary>A tensor as the header describes it, its data from one offset to another behind the header.</summary>
internal readonly record struct HeaderEntry(TensorInfo Info, long Begin, long End);
