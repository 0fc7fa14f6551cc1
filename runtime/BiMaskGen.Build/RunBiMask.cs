using System;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Text;
using System.Threading;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace BiMaskGen.Build;

/// <summary>
/// Runs one request of a build with the command <c>bimask</c>, in a process of its own: the task loads nothing that a build could lock, and
/// works in every MSBuild. The tool's output becomes messages, its error output errors and warnings with file and code.
/// </summary>
public sealed class RunBiMask : Task, ICancelableTask
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly object _gate = new();
    private Process? _process;
    private bool _cancelled;

    /// <summary>The tool, bimask.dll.</summary>
    [Required]
    public string Tool { get; set; } = "";

    /// <summary>What to do: "manifest" or "sparsify".</summary>
    [Required]
    public string Step { get; set; } = "";

    /// <summary>The file that says with what to do it.</summary>
    [Required]
    public string Request { get; set; } = "";

    /// <summary>The command <c>dotnet</c>; the one on the path where this is empty.</summary>
    public string? DotNetHost { get; set; }

    /// <inheritdoc/>
    public override bool Execute()
    {
        string host = string.IsNullOrEmpty(DotNetHost) ? "dotnet" : DotNetHost!;
        if (!File.Exists(Tool))
        {
            return Error("BIMASK001", $"the tool {Tool} does not exist.");
        }

        // Other projects may build on this node meanwhile.
        (BuildEngine as IBuildEngine3)?.Yield();
        try
        {
            return Run(host);
        }
        catch (Win32Exception e)
        {
            return Error("BIMASK001", $"\"{host}\" cannot be started: {e.Message}. Install the .NET 10 runtime, or say where it is with the property BiMaskDotNet.");
        }
        finally
        {
            (BuildEngine as IBuildEngine3)?.Reacquire();
        }
    }

    /// <inheritdoc/>
    public void Cancel()
    {
        lock (_gate)
        {
            _cancelled = true;
            Close(_process);
        }
    }

    private bool Run(string host)
    {
        using Process process = new()
        {
            StartInfo = new ProcessStartInfo(host, $"exec \"{Tool}\" build {Step} --request \"{Request}\"")
            {
                UseShellExecute = false,
                CreateNoWindow = true,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                StandardOutputEncoding = Encoding.UTF8,
                StandardErrorEncoding = Encoding.UTF8,
            },
        };
        process.OutputDataReceived += (_, line) => Message(line.Data);
        process.ErrorDataReceived += (_, line) => Diagnose(line.Data);
        lock (_gate)
        {
            if (_cancelled)
            {
                return false;
            }

            process.Start();
            _process = process;
        }

        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.WaitForExit();
        lock (_gate)
        {
            _process = null;
        }

        if (process.ExitCode != 0 && !_cancelled && !Log.HasLoggedErrors)
        {
            return Error("BIMASK001", $"the tool ended with exit code {process.ExitCode} and said nothing.");
        }

        return process.ExitCode == 0 && !Log.HasLoggedErrors;
    }

    // The tool stops when its input ends: so it also stops when the build itself is killed. It takes back what it has begun; if that
    // lasts, it is killed, and what it had written lies under another name than the output.
    private static void Close(Process? process)
    {
        if (process is null)
        {
            return;
        }

        try
        {
            process.StandardInput.Close();
            new Timer(static state => Kill((Process)state!), process, s_patience, Timeout.InfiniteTimeSpan);
        }
        catch (Exception e) when (e is InvalidOperationException or IOException)
        {
            // It has ended already.
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill();
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // It has ended meanwhile.
        }
    }

    private void Message(string? line)
    {
        if (line is not null)
        {
            Log.LogMessage(MessageImportance.High, "{0}", line);
        }
    }

    private void Diagnose(string? line)
    {
        if (!string.IsNullOrEmpty(line))
        {
            Log.LogMessageFromText(line, MessageImportance.High);
        }
    }

    private bool Error(string code, string message)
    {
        Log.LogError(null, code, null, null, 0, 0, 0, 0, "{0}", message);
        return false;
    }
}
