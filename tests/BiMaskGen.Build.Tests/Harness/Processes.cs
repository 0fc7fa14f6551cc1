using System.Diagnostics;
using System.Text;

namespace BiMaskGen.Build.Tests.Harness;

/// <summary>How a process ended.</summary>
internal sealed record ProcessResult(int ExitCode, string Output, string Error)
{
    public string All => Output + Error;

    public ProcessResult Succeeded()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}\n{All}");
        return this;
    }
}

/// <summary>Runs processes as a user's shell would, without what this test host has in its environment.</summary>
internal static class Processes
{
    public static ProcessResult Run(string folder, string program, params IEnumerable<string> arguments)
    {
        using Process process = Start(folder, program, arguments);
        process.StandardInput.Close();
        return End(process);
    }

    public static Process Start(string folder, string program, params IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (string name in start.Environment.Keys.Where(k => k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["MSBUILDTERMINALLOGGER"] = "off";
        return Process.Start(start)!;
    }

    public static ProcessResult End(Process process)
    {
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new ProcessResult(process.ExitCode, output, error.Result);
    }
}
