using System.Text.Json;
using BiMaskGen.Kernels.Cuda;
using BiMaskGen.Tool;
using BiMaskGen.Tool.GpuCheck;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Cuda;

/// <summary>The command itself, with the fake libraries where it looks for the real ones.</summary>
[Collection(FakeCudaCollection.Name)]
public sealed class GpuCheckTests(FakeCuda fake)
{
    [NativeFact]
    public void OnAGpuThatIsRightAllChecksAre()
    {
        (int code, string output) = Run("gpu-check", "--verify-only", "--seed", "5", "--pattern", "2:4", "--json");
        JsonElement result = JsonDocument.Parse(output).RootElement;
        JsonElement[] checks = [.. result.GetProperty("checks").EnumerateArray()];
        Assert.All(checks, check => Assert.Equal(JsonValueKind.Null, check.GetProperty("problem").ValueKind));
        Assert.Equal(ExitCodes.Done, code);
        Assert.Equal("Fake H200", result.GetProperty("gpu").GetString());
        Assert.Equal("0.8.1", result.GetProperty("versions").GetProperty("cuSPARSELt").GetString());
        Assert.Contains(checks, check => check.GetProperty("name").GetString() == "two threads, two streams each");
        Assert.Contains(checks, check => check.GetProperty("name").GetString() == "too little memory");
        fake.AssertClean();
    }

    [NativeFact]
    public void AWrongProductIsFoundAndNamed() => CudaLinearTests.In(KernelMode.Dense, () =>
    {
        using (CudaRuntime runtime = fake.Open())
        {
            StepCase c = new(new(2, 4), 32, 32, 8, CudaType.F32, CudaType.BF16, BiMaskGen.Kernels.Activation.None, false);
            Assert.Null(StepCheck.Run(runtime, c, 0));

            // Without the mask pass the products see what was in memory, which is not what they should.
            fake.SkipLaunches(1);
            Assert.StartsWith("y: entry 0", StepCheck.Run(runtime, c with { Seed = 2 }, 0), StringComparison.Ordinal);
        }

        fake.AssertClean();
    });

    [NativeFact]
    public void WithoutAGpuItSaysSoAndHasACodeOfItsOwn()
    {
        _ = fake.TryOpen(devices: 0);
        (int code, string output) = Run("gpu-check");
        Assert.Equal(ExitCodes.NoGpu, code);
        Assert.Contains("no GPU could be checked", output, StringComparison.Ordinal);
        Assert.Contains("bimask doctor", output, StringComparison.Ordinal);
        _ = fake.TryOpen(devices: 1);
    }

    [NativeFact]
    public void TheDoctorSaysWhichPrecisionsAGpuHas()
    {
        _ = fake.TryOpen(devices: 1);
        fake.Machine(86, 801);
        (_, string output) = Run("doctor", "--json");
        JsonElement gpu = Assert.Single(JsonDocument.Parse(output).RootElement.GetProperty("gpus").EnumerateArray());
        Assert.Equal(JsonValueKind.Null, gpu.GetProperty("noInt8").ValueKind);
        Assert.Equal("the compute capability is 8.6, and float8 needs 8.9", gpu.GetProperty("noFloat8").GetString());
        Assert.Contains("int8 (yes)", Run("doctor").Output, StringComparison.Ordinal);
    }

    private (int Code, string Output) Run(params string[] arguments)
    {
        string? folders = Environment.GetEnvironmentVariable(LibraryFolders.Variable), cache = Environment.GetEnvironmentVariable(CubinCache.Variable);
        Environment.SetEnvironmentVariable(LibraryFolders.Variable, fake.Libraries);
        Environment.SetEnvironmentVariable(CubinCache.Variable, fake.CacheFolder);
        try
        {
            StringWriter output = new();
            int code = Commands.Run(arguments, output, output);
            return (code, output.ToString());
        }
        finally
        {
            Environment.SetEnvironmentVariable(LibraryFolders.Variable, folders);
            Environment.SetEnvironmentVariable(CubinCache.Variable, cache);
        }
    }
}
