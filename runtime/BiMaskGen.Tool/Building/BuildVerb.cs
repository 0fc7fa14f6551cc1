using System.CommandLine;
using System.Text;

namespace BiMaskGen.Tool.Building;

/// <summary>The verb that the MSBuild task calls; hidden, for its arguments are the task's affair.</summary>
internal static class BuildVerb
{
    public static Command Create()
    {
        Option<FileInfo> request = new("--request") { Required = true, Description = "The file that says what to do." };
        Command manifest = new("manifest", "Read the model's manifest from its assembly.") { request };
        manifest.SetAction(r => Run(r.GetRequiredValue(request), static (request, log, _) => ManifestStep.Run(request, log)));
        Command sparsify = new("sparsify", "Sparsify the checkpoint.") { request };
        sparsify.SetAction(r => Run(r.GetRequiredValue(request), SparsifyStep.Run));
        return new Command("build", "A step of a build.") { Hidden = true, Subcommands = { manifest, sparsify } };
    }

    private static int Run(FileInfo file, Action<BuildRequest, BuildLog, CancellationToken> step)
    {
        Console.OutputEncoding = Encoding.UTF8;
        BuildLog log = new(Console.Out, Console.Error);
        using CancellationTokenSource stop = new();
        StopWithInput(stop);
        try
        {
            step(BuildRequest.Read(file.FullName), log, stop.Token);
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Cancelled;
        }
        catch (Exception e) when (e is NMSparseException or IOException or UnauthorizedAccessException)
        {
            log.Error(BuildCodes.File, file.FullName, e.Message);
        }

        return log.HasErrors ? ExitCodes.Failed : ExitCodes.Done;
    }

    // The task closes our input when the build is cancelled, and the system does so when the build dies.
    private static void StopWithInput(CancellationTokenSource stop)
    {
        Thread watch = new(() =>
        {
            while (Console.In.Read() >= 0)
            {
            }

            try
            {
                stop.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // All is done.
            }
        })
        {
            IsBackground = true,
        };
        watch.Start();
    }
}
