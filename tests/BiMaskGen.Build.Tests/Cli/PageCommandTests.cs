using System.Text.RegularExpressions;
using BiMaskGen.Build.Tests.Harness;
using BiMaskGen.Build.Tests.Models;
using BiMaskGen.Checkpoints;
using BiMaskGen.Tool;

namespace BiMaskGen.Build.Tests.Cli;

/// <summary>Whoever copies a command line from a page gets what it says: each page's lines run in order, in a folder that has what they name.</summary>
public sealed partial class PageCommandTests
{
    public static TheoryData<string> Pages => ["docs/cli.md", "docs/checkpoints.md", "docs/from-pytorch.md", "runtime/BiMaskGen.Tool/README.md"];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_command_of_the_page_succeeds(string page)
    {
        using TempFolder folder = new();
        WriteCheckpoints(folder);
        string[] commands = [.. File.ReadLines(Path.Combine(BuiltFiles.Repository, page)).Select(line => line.Trim()).Where(line => line.StartsWith("bimask ", StringComparison.Ordinal))];
        Assert.NotEmpty(commands);
        foreach (string command in commands)
        {
            ProcessResult run = Processes.Run(folder.Path, "dotnet", [Places.Tool, .. Words().Matches(Here(command)).Skip(1).Select(word => word.Value.Trim('"'))]);

            // Without a GPU gpu-check has nothing to check, and that is what its page says of this code.
            bool isFine = run.ExitCode == ExitCodes.Done || (run.ExitCode == ExitCodes.NoGpu && command.StartsWith("bimask gpu-check", StringComparison.Ordinal));
            Assert.True(isFine, $"{page}: {command}\n{run.All}");
        }
    }

    private static void WriteCheckpoints(TempFolder folder)
    {
        using Gpt gpt = new();
        CheckpointFiles.Write(folder.File("model.safetensors"), 1, [.. gpt.state_dict().Select(s => (s.Key, s.Value.shape))]);
        using (TensorFile model = TensorFile.Open(folder.File("model.safetensors")))
        {
            CheckpointConversion.ToDat(model, folder.File("model.dat"));
        }

        CheckpointFiles.Write(folder.File("mlp.safetensors"), 1, ("fc1.weight", [64, 32]), ("fc1.bias", [64]), ("fc2.weight", [64, 64]), ("head.weight", [10, 64]));
    }

    // The one model that this assembly has for such a checkpoint.
    private static string Here(string command) =>
        command.Replace("bin/App.dll", $"\"{typeof(Gpt).Assembly.Location}\"", StringComparison.Ordinal).Replace("My.Gpt", nameof(Gpt), StringComparison.Ordinal);

    [GeneratedRegex("""[^\s"]+|"[^"]*?\x22""")]
    private static partial Regex Words();
}
