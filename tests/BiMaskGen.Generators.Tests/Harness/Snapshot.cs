using System.Text;
using System.Text.RegularExpressions;

namespace BiMaskGen.Generators.Tests.Harness;

/// <summary>
/// Compares emitted files with the snapshot Case.verified.cs. A difference leaves Case.received.cs beside it;
/// BIMASK_UPDATE_SNAPSHOTS=1 accepts what is emitted.
/// </summary>
internal static partial class Snapshot
{
    public static void Verify(GeneratorRun run, string name)
    {
        string file = Path.Combine(Folders.Project, "Snapshots", name);
        CheckedInText.Verify(file + ".verified.cs", Text(run), file + ".received.cs");
    }

    /// <summary>All emitted files in one text, free of what changes without the generator changing: versions and checksums.</summary>
    private static string Text(GeneratorRun run)
    {
        StringBuilder text = new();
        foreach (var file in run.Files.OrderBy(file => file.HintName, StringComparer.Ordinal))
        {
            text.Append("//// ").Append(file.HintName).Append('\n').Append(file.SourceText);
        }

        string scrubbed = Site().Replace(text.ToString(), "InterceptsLocation(1, \"{site}\")");
        return Version().Replace(scrubbed, "GeneratedCode(\"BiMaskGen.Generators\", \"{version}\")");
    }

    [GeneratedRegex("""InterceptsLocation\(1, "[^"]*"\)""")]
    private static partial Regex Site();

    [GeneratedRegex("""GeneratedCode\("BiMaskGen.Generators", "[^"]*"\)""")]
    private static partial Regex Version();
}
