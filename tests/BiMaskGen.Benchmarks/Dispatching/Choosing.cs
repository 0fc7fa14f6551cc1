using System.Diagnostics;
using System.Text.Json;
using BiMaskGen.Benchmarks.Machine;
using BiMaskGen.Kernels;
using BiMaskGen.Kernels.Cpu;

namespace BiMaskGen.Benchmarks.Dispatching;

/// <summary>Lets a process of its own make the choices, from its cold start on, and reads them.</summary>
internal static class Choosing
{
    /// <summary>Time after which the choice must have been made, many times what it takes.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    /// <summary>Makes the choices in this process and writes them.</summary>
    internal static int Run(string file, int threads)
    {
        Cpus.Pin(threads);
        CpuPool.Threads = threads;
        File.WriteAllText(file, JsonSerializer.Serialize(LayerShape.All.Select(Choose).ToArray()));
        return 0;
    }

    /// <summary>Starts the process and returns its choices.</summary>
    internal static LayerChoice[] InFreshProcess(int threads)
    {
        string file = Path.GetTempFileName();
        try
        {
            string host = Environment.ProcessPath!;
            string[] arguments = ["dispatch", "--choose", file, "--threads", $"{threads}"];

            // dotnet run starts the program itself, dotnet FILE.dll the host that wants the file's name.
            string[] program = Path.GetFileNameWithoutExtension(host) == "dotnet" ? [typeof(Choosing).Assembly.Location] : [];
            using Process process = Process.Start(new ProcessStartInfo(host, [.. program, .. arguments]))!;
            process.WaitForExit();
            return process.ExitCode == 0
                ? JsonSerializer.Deserialize<LayerChoice[]>(File.ReadAllText(file))!
                : throw new InvalidDataException($"The process that makes the choices ended with {process.ExitCode}.");
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static LayerChoice Choose(LayerShape shape)
    {
        using var layer = new OneLayer(shape);
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < s_limit)
        {
            layer.Step();
            (KernelKind forward, KernelKind backward) = layer.Choices;
            if (forward != KernelKind.Undecided && backward != KernelKind.Undecided)
            {
                return new LayerChoice(shape, forward, backward);
            }
        }

        throw new InvalidDataException($"{shape}: no choice after {s_limit.TotalSeconds} s.");
    }
}
