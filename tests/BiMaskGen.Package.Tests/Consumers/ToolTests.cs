using System.Text.Json;
using BiMaskGen.Package.Tests.Harness;

namespace BiMaskGen.Package.Tests.Consumers;

/// <summary>The command, installed from its package.</summary>
[Collection(nameof(Packages))]
public sealed class ToolTests(PackageFeed feed)
{
    [Fact]
    public void The_command_installs_and_packs_a_checkpoint()
    {
        using ConsumerFolder folder = new(feed);
        folder.DotNet("tool", "install", "BiMaskGen.Tool", "--version", PackageFeed.Version, "--tool-path", folder.File("tools")).Succeeded();
        string bimask = folder.File(OperatingSystem.IsWindows() ? "tools/bimask.exe" : "tools/bimask");

        using JsonDocument doctor = JsonDocument.Parse(Processes.Run(folder.Path, bimask, "doctor", "--json").Succeeded().Output);
        Assert.NotEmpty(doctor.RootElement.GetProperty("kernels").EnumerateArray());

        CheckpointFiles.Write(folder.File("model.safetensors"), 1, ("fc.weight", [64, 32]));
        Processes.Run(folder.Path, bimask, "sparsify", "model.safetensors", "-o", "model.nms.safetensors", "-l", "*.weight", "-p", "2:4").Succeeded();
        Processes.Run(folder.Path, bimask, "verify", "model.nms.safetensors", "model.safetensors").Succeeded();
    }
}
