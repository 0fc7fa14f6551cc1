using System.Diagnostics;
using System.Runtime.InteropServices;
using BiMaskGen.Benchmarks.Machine;

namespace BiMaskGen.Benchmarks.Compiling;

/// <summary>The compiler of the SDK in use: the one that a build calls, in a process of its own or in a server that stays.</summary>
internal sealed class SdkCompiler : IDisposable
{
    private readonly string _dotnet = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
    private readonly string _folder;
    private readonly string _pipe = "bimask-cost-" + Guid.NewGuid().ToString("N");
    private readonly Process _server;

    /// <summary>Finds the compiler and starts a server that nobody else uses.</summary>
    /// <exception cref="FileNotFoundException">The SDK has no compiler where SDKs have it.</exception>
    internal SdkCompiler()
    {
        Version = Read("--version").Trim();
        string root = Path.GetDirectoryName(Path.GetFullPath(_dotnet))!;
        SdkFolder = Path.Combine(root, "sdk", Version);
        _folder = Path.Combine(SdkFolder, "Roslyn", "bincore");
        foreach (string file in new[] { "csc.dll", "VBCSCompiler.dll" })
        {
            if (!File.Exists(Path.Combine(_folder, file)))
            {
                throw new FileNotFoundException($"SDK {Version} has no {file} in {_folder}.");
            }
        }

        _server = Process.Start(Command("VBCSCompiler.dll", "-pipename:" + _pipe))!;
        WaitForServer();
    }

    /// <summary>The SDK's version.</summary>
    internal string Version { get; }

    /// <summary>Where it lies.</summary>
    internal string SdkFolder { get; }

    /// <summary>What a client of the server costs that has nothing to compile.</summary>
    internal Cost Client() => Served("-version");

    /// <summary>Compiles in the server, which has compiled before.</summary>
    internal Cost Warm(string responseFile) => Served("-noconfig", "@" + responseFile);

    /// <summary>Compiles in a new process.</summary>
    internal Cost Cold(string responseFile)
    {
        double cpu = Libc.ChildrenCpuMilliseconds();
        long start = Stopwatch.GetTimestamp();
        Run(Command("csc.dll", "-noconfig", "@" + responseFile));
        return new Cost(Stopwatch.GetElapsedTime(start).TotalMilliseconds, Libc.ChildrenCpuMilliseconds() - cpu);
    }

    /// <summary>Ends the server.</summary>
    public void Dispose()
    {
        _server.Kill();
        _server.WaitForExit();
        _server.Dispose();
        File.Delete(Pipe);
    }

    // On Unix the pipe is a file, and there.
    private string Pipe => Path.Combine("/tmp", _pipe);

    // A client that finds no server starts one of its own, which would stay.
    private void WaitForServer()
    {
        for (int tenths = 0; tenths < 300; tenths++)
        {
            Thread.Sleep(100);
            if (_server.HasExited)
            {
                throw new InvalidOperationException($"The compiler server of SDK {Version} ended with {_server.ExitCode}.");
            }

            if (OperatingSystem.IsWindows() ? tenths > 50 : File.Exists(Pipe))
            {
                return;
            }
        }

        throw new TimeoutException($"The compiler server of SDK {Version} opened no pipe within 30 s.");
    }

    private Cost Served(params string[] arguments)
    {
        _server.Refresh();
        TimeSpan cpu = _server.TotalProcessorTime;
        long start = Stopwatch.GetTimestamp();
        Run(Command("csc.dll", ["-shared:" + _pipe, .. arguments]));
        double ms = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        _server.Refresh();
        return new Cost(ms, (_server.TotalProcessorTime - cpu).TotalMilliseconds);
    }

    private ProcessStartInfo Command(string program, params string[] arguments)
    {
        ProcessStartInfo command = new(_dotnet) { RedirectStandardOutput = true, RedirectStandardError = true };
        command.ArgumentList.Add("exec");
        command.ArgumentList.Add(Path.Combine(_folder, program));
        foreach (string argument in arguments)
        {
            command.ArgumentList.Add(argument);
        }

        return command;
    }

    private string Read(string argument)
    {
        using Process process = Process.Start(new ProcessStartInfo(_dotnet, argument) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }

    private static void Run(ProcessStartInfo command)
    {
        using Process process = Process.Start(command)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            string[] lines = (output + errors.GetAwaiter().GetResult()).Split('\n');
            throw new InvalidDataException($"The compiler ended with {process.ExitCode}: {lines.FirstOrDefault(line => line.Contains("error")) ?? lines[0]}");
        }
    }
}
