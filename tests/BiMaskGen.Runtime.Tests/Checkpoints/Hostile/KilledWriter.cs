using BiMaskGen.Checkpoints;

namespace BiMaskGen.Runtime.Tests.Checkpoints;

/// <summary>
/// The program that is killed: it writes one version of a checkpoint after the other, chunk by chunk, and reports every chunk with a byte
/// on its output.
/// </summary>
internal static class KilledWriter
{
    /// <summary>Chunks of a version's data.</summary>
    public const int Chunks = 32;

    private const int ChunkBytes = 1 << 17;

    /// <summary>Runs until it is killed.</summary>
    /// <param name="args">File, kind of file, first version, whether the disk is waited for.</param>
    public static int Main(string[] args)
    {
        if (args.Length != 4)
        {
            Console.Error.WriteLine("These are tests: dotnet test runs them.");
            return 2;
        }

        using Stream output = Console.OpenStandardOutput();
        for (long version = long.Parse(args[2]); ; version++)
        {
            Write(args[0], args[1], version, bool.Parse(args[3]), () => output.WriteByte(1));
        }
    }

    /// <summary>Writes one version.</summary>
    public static void Write(string path, string kind, long version, bool durable, Action wrote)
    {
        TensorInfo[] tensors = [new("version", DType.I64, 1), new("data", DType.U8, Chunks, ChunkBytes)];
        if (kind == "packed")
        {
            PackedLayer layer = Layer(version);
            using PackedCheckpointWriter packed = PackedCheckpointWriter.Create(path, [layer.Info], tensors, durable: durable);
            packed.Write(layer);
            WriteTensors((name, bytes) => packed.WriteDense(name, bytes), version, wrote);
            packed.Commit();
            return;
        }

        using TensorFileWriter writer = kind == "dat" ? DatWriter.Create(path, tensors, durable) : SafeTensorsWriter.Create(path, tensors, durable: durable);
        WriteTensors((name, bytes) => writer.Write(name, bytes), version, wrote);
        writer.Commit();
    }

    /// <summary>The version that a file holds; an exception if it is not whole.</summary>
    public static long Read(string path, string kind)
    {
        if (kind == "packed")
        {
            using PackedCheckpoint packed = PackedCheckpoint.Open(path);
            long packedVersion = packed.ReadDense("version").AsSpan<long>()[0];
            CheckData(packed.ReadDense("data").AsSpan(), packedVersion);
            return packed.Read("fc.weight").IsSameAs(Layer(packedVersion))
                ? packedVersion
                : throw new InvalidDataException($"The layer is not that of version {packedVersion}.");
        }

        using TensorFile file = kind == "dat" ? DatFile.Open(path) : SafeTensorsFile.Open(path);
        long version = file.View("version").AsSpan<long>()[0];
        CheckData(file.View("data").AsSpan(), version);
        return version;
    }

    private static void WriteTensors(Action<string, byte[]> write, long version, Action wrote)
    {
        write("version", BitConverter.GetBytes(version));
        byte[] chunk = new byte[ChunkBytes];
        for (int i = 0; i < Chunks; i++)
        {
            Array.Fill(chunk, Content(version, i));
            write("data", chunk);
            wrote();
        }
    }

    private static void CheckData(ReadOnlySpan<byte> data, long version)
    {
        for (int i = 0; i < Chunks; i++)
        {
            if (data.Slice(i * ChunkBytes, ChunkBytes).ContainsAnyExcept(Content(version, i)))
            {
                throw new InvalidDataException($"Chunk {i} is not that of version {version}.");
            }
        }
    }

    private static byte Content(long version, int chunk) => (byte)((version * 31) + chunk);

    private static PackedLayer Layer(long version) => PackedCase.Make(new NMPattern(2, 4), DType.F32, 8, 16, (int)version).Pack();
}
