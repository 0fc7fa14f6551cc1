using System.Diagnostics;
using BiMaskGen.Checkpoints;
using BiMaskGen.Integration.Tests.Harness;

namespace BiMaskGen.Integration.Tests.State;

/// <summary>A run that is stopped, or killed, and goes on in a new process.</summary>
public sealed class ProcessTests : IDisposable
{
    private const int More = 50, Files = 6, Kills = 20, LeastMidSave = Kills / 4;

    private readonly TempFolder _folder = new();

    // Where periods of searches and refreshes begin, and between.
    public static TheoryData<string, int> Stops { get; } = new()
    {
        { "BiMask", 1 }, { "BiMask", 37 }, { "Transposable", 30 }, { "Continuous", 13 }, { "Structure", 25 }, { "Warm", 30 }, { "Decoupled", 8 },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Stops))]
    public void ANewProcess_GoesOnBitForBit(string method, int stop)
    {
        float[] uninterrupted;
        using (new KernelModeScope(KernelMode.Deterministic))
        {
            var run = new StoppableRun(method);
            run.RunTo(stop);
            uninterrupted = [.. run.RunTo(stop + More), .. run.Weights()];
        }

        Run("run", method, _folder.Path, $"{stop}");
        string resumed = Run("run", method, _folder.Path, $"{stop + More}");
        Assert.Equal(uninterrupted.Select(BitConverter.SingleToInt32Bits), resumed.Split(' ').Select(int.Parse));
    }

    [Fact]
    public void AProcessThatIsKilledWhileItSaves_LosesNoCheckpoint()
    {
        var random = new Random(5);
        var series = new CheckpointSeries(_folder.Path);
        int midSave = 0;
        long last = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            int files = random.Next(1, 3 * Files);
            Kill(files);
            midSave += Directory.GetDirectories(_folder.Path, "*.draft").Length;
            long there = series.Latest?.Step ?? 0;

            // All that the reports prove complete is there: the next save has begun.
            Assert.True(there >= last + ((files - 1) / Files), $"step {there} after {last} and {files} files");
            if (there > 0)
            {
                Assert.Equal(there, StoppableRun.Resumed("Transposable", series).Step);
            }

            last = there;
        }

        Assert.InRange(midSave, LeastMidSave, Kills);
        Assert.InRange(last, 1, long.MaxValue);
    }

    private static string Run(params string[] arguments)
    {
        using Process process = Start(arguments);
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error.Result);
        return output.Trim();
    }

    // As soon as it has reported so many files.
    private void Kill(int files)
    {
        using Process process = Start("save", "Transposable", _folder.Path);
        Task<string> error = process.StandardError.ReadToEndAsync();
        try
        {
            for (int i = 0; i < files; i++)
            {
                Assert.True(process.StandardOutput.BaseStream.ReadByte() == 1, process.HasExited ? error.Result : "The process ended by itself.");
            }
        }
        finally
        {
            process.Kill();
            process.WaitForExit();
        }
    }

    private static Process Start(params string[] arguments)
    {
        string host = Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet" ? Environment.ProcessPath! : "dotnet";
        var start = new ProcessStartInfo(host, ["exec", typeof(Program).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[KernelPolicy.Variable] = "deterministic";
        return Process.Start(start)!;
    }
}
