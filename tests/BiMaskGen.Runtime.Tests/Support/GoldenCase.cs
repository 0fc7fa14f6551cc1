using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace BiMaskGen.Runtime.Tests.Support;

/// <summary>
/// Numbers recorded from the Bi-Mask authors' functions: one layer's masks and gradients for given W, x, g and π. Matrices are flat,
/// row-major. Read from the folder that BIMASK_GOLDEN_DIR names, by default the committed cases, and from shared/golden beside the
/// repository where there is one.
/// </summary>
internal sealed class GoldenCase
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    /// <summary>All cases, by name.</summary>
    public static IReadOnlyDictionary<string, GoldenCase> All { get; } = LoadAll();

    public required int N { get; init; }

    public required int M { get; init; }

    public required int OutFeatures { get; init; }

    public required int InFeatures { get; init; }

    public required int Batch { get; init; }

    public required float Decay { get; init; }

    public required float[] Weight { get; init; }

    public required float[] Input { get; init; }

    public required float[] GradOutput { get; init; }

    /// <summary>permutation[r] = original row at position r; a random one.</summary>
    public required int[] Permutation { get; init; }

    public required int[] ForwardMask { get; init; }

    public required int[] BackwardMask { get; init; }

    public required float[] Output { get; init; }

    public required float[] GradWeight { get; init; }

    public required float[] GradInput { get; init; }

    public required GoldenSearch RandomSearch { get; init; }

    [JsonIgnore]
    public NMPattern Pattern => new(N, M);

    private static Dictionary<string, GoldenCase> LoadAll()
    {
        var cases = new Dictionary<string, GoldenCase>();
        string[] files = [.. Folders().Select(Path.GetFullPath).Distinct().SelectMany(folder => Directory.GetFiles(folder, "*.json"))];
        foreach (string file in files.Order(StringComparer.Ordinal))
        {
            GoldenCase[] read = JsonSerializer.Deserialize<GoldenCase[]>(File.ReadAllText(file), Options) ?? [];
            for (int i = 0; i < read.Length; i++)
            {
                GoldenCase one = read[i];
                // Two folders may hold a file of the same name.
                string name = $"{Path.GetFileName(file)}[{i}] {one.N}:{one.M} {one.OutFeatures}x{one.InFeatures}";
                cases.Add(cases.ContainsKey(name) ? $"{file}[{i}]" : name, one);
            }
        }

        return cases;
    }

    private static IEnumerable<string> Folders()
    {
        yield return Environment.GetEnvironmentVariable("BIMASK_GOLDEN_DIR") ?? Path.Combine(AppContext.BaseDirectory, "Golden");
        // The artifacts may lie outside of the repository, and a deterministic build may hide the source path: try both.
        string? shared = new[] { AppContext.BaseDirectory, SourceFolder() }.Select(FindShared).FirstOrDefault(found => found is not null);
        if (shared is not null)
        {
            yield return shared;
        }
    }

    private static string? FindShared(string start)
    {
        for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "BiMaskGen.sln")))
            {
                string shared = Path.Combine(folder.FullName, "..", "shared", "golden");
                return Directory.Exists(shared) ? shared : null;
            }
        }

        return null;
    }

    private static string SourceFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path) ?? "";
}

/// <summary>What the authors' search recorded on the case's forward mask.</summary>
internal sealed class GoldenSearch
{
    public required int Candidates { get; init; }

    public required double Kept { get; init; }

    public required double ForwardKept { get; init; }

    public required double IdentityKept { get; init; }
}
