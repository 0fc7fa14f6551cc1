using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Nn;

public class SaveLoadTests
{
    [Fact]
    public void The_format_is_TorchSharps()
    {
        using var layer = nn.Linear(2, 1, hasBias: false);
        TestTensors.FromValues([1f, -2f], 1, 2).bytes.CopyTo(layer.weight.bytes);
        using MemoryStream stream = new();

        layer.save(stream);

        byte[] expected =
        [
            1,                                          // entries
            6, .. "weight"u8,                           // key
            6, 2, 1, 2,                                 // Float32, two dims: 1, 2
            0x00, 0x00, 0x80, 0x3f, 0x00, 0x00, 0x00, 0xc0,
        ];
        Assert.Equal(expected, stream.ToArray());
    }

    [Fact]
    public void Round_trip_restores_parameters_and_buffers_and_calls_state_dict()
    {
        using var source = new Net();
        source.norm.forward(TestTensors.Grid(1, 2, 3, 2, 2)).Dispose();
        using MemoryStream stream = new();
        source.save(stream);
        using var target = new Net();
        var version = TestTensors.Version(target.fc.weight);
        Dictionary<string, bool> loaded = [];
        stream.Position = 0;

        target.load(stream, loadedParameters: loaded);

        foreach (var (key, value) in source.state_dict())
        {
            Assert.Equal(value.bytes.ToArray(), target.state_dict()[key].bytes.ToArray());
            Assert.True(loaded[key]);
        }
        Assert.Equal(version, TestTensors.Version(target.fc.weight));
        Assert.True(target.StateDictCalls > 0);
        Assert.Equal(1L, target.norm.num_batches_tracked!.item<long>());
    }

    [Fact]
    public void A_file_round_trips_and_skipped_keys_stay()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            using var source = nn.Linear(3, 4);
            using var target = nn.Linear(3, 4);
            var bias = TestTensors.Copy(target.bias!);
            source.save(path);

            target.load(path, skip: ["bias"]);

            Assert.Equal(TestTensors.Copy(source.weight), TestTensors.Copy(target.weight));
            Assert.Equal(bias, TestTensors.Copy(target.bias!));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Strict_loading_refuses_what_does_not_fit()
    {
        using MemoryStream stream = new();
        using (var source = nn.Linear(3, 4, hasBias: false))
        {
            source.save(stream);
        }

        Assert.Throws<ArgumentException>(() => Load(nn.Linear(3, 4), stream));                      // bias is missing
        Assert.Throws<ArgumentException>(() => Load(nn.Linear(4, 4, hasBias: false), stream));      // shape
        Assert.Throws<ArgumentException>(() => Load(nn.Sequential(nn.Linear(3, 4)), stream));       // key
        Load(nn.Linear(3, 4), stream, strict: false);
        Assert.Throws<EndOfStreamException>(() => Load(nn.Linear(3, 4, hasBias: false), new MemoryStream(stream.ToArray()[..^1])));
    }

    private static void Load(nn.Module module, Stream stream, bool strict = true)
    {
        using (module)
        {
            stream.Position = 0;
            module.load(stream, strict);
        }
    }

    private sealed class Net : nn.Module<Tensor, Tensor>
    {
        public readonly Linear fc = nn.Linear(300, 2);
        public readonly BatchNorm2d norm = nn.BatchNorm2d(3);

        public Net()
            : base(nameof(Net)) => RegisterComponents();

        public int StateDictCalls { get; private set; }

        public override Tensor forward(Tensor input) => fc.call(input);

        public override Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
        {
            StateDictCalls++;
            return base.state_dict(destination, prefix);
        }
    }
}
