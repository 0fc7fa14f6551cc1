using System.CommandLine;

namespace BiMaskGen.Tool;

/// <summary>The verbs of the command.</summary>
internal static class Commands
{
    public static RootCommand Create() => new("N:M sparsity for checkpoints.")
    {
        Building.BuildVerb.Create(),
    };
}
