using System.Runtime.CompilerServices;

namespace TorchSharp.Tests.Api;

/// <summary>Listings of TorchSharp's surface: the full one where there is one, and the part that is checked in beside this file.</summary>
internal static class ApiListing
{
    /// <summary>Names the full listing, and asks for the checked-in part to be written anew from it.</summary>
    public const string Variable = "BIMASK_API_LIST";

    private const string AssetName = "torchsharp-0.107.subset.txt";
    private const string FullName = "torchsharp-0.107-public-api.txt";

    public static string? FullPath =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given ? given : FindBeside(SourceFolder());

    public static Dictionary<string, HashSet<string>> ReadAsset()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 })
        {
            return Read(new StreamReader(Path.Combine(SourceFolder(), AssetName)));
        }
        var stream = typeof(ApiListing).Assembly.GetManifestResourceStream(AssetName);
        return Read(new StreamReader(stream ?? throw new InvalidOperationException($"{AssetName} is not embedded.")));
    }

    public static Dictionary<string, HashSet<string>> ReadFull() => Read(new StreamReader(FullPath!));

    /// <summary>Writes those lines of the full listing that the stand-in has.</summary>
    public static void WriteAsset(SortedDictionary<string, SortedSet<string>> surface)
    {
        var full = ReadFull();
        using StreamWriter writer = new(Path.Combine(SourceFolder(), AssetName)) { NewLine = "\n" };
        writer.WriteLine($"# The part of TorchSharp 0.107's surface that the stand-in has. Written by the tests when {Variable} names the full listing.");
        foreach (var (header, members) in surface.Where(type => full.ContainsKey(type.Key)))
        {
            writer.WriteLine();
            writer.WriteLine(header);
            foreach (var member in members.Where(full[header].Contains))
            {
                writer.WriteLine($"  {member}");
            }
        }
    }

    /// <summary>Every line of <paramref name="part"/> that <paramref name="whole"/> lacks.</summary>
    public static List<string> Missing(IEnumerable<(string Header, IEnumerable<string> Members)> part, Dictionary<string, HashSet<string>> whole)
    {
        List<string> missing = [];
        foreach (var (header, members) in part)
        {
            if (!whole.TryGetValue(header, out var known))
            {
                missing.Add(header);
                continue;
            }
            missing.AddRange(members.Where(member => !known.Contains(member)).Select(member => $"{header}\n    {member}"));
        }
        return missing;
    }

    private static Dictionary<string, HashSet<string>> Read(StreamReader reader)
    {
        using (reader)
        {
            Dictionary<string, HashSet<string>> types = new(StringComparer.Ordinal);
            HashSet<string>? members = null;
            while (reader.ReadLine()?.TrimEnd() is { } line)
            {
                if (line.StartsWith("  ", StringComparison.Ordinal))
                {
                    members!.Add(line.TrimStart());
                }
                else if (line.Length > 0 && line[0] != '#')
                {
                    types.Add(line, members = new(StringComparer.Ordinal));
                }
            }
            return types;
        }
    }

    private static string? FindBeside(string folder)
    {
        for (var parent = new DirectoryInfo(folder); parent is not null; parent = parent.Parent)
        {
            var candidate = Path.Combine(parent.FullName, "shared", FullName);
            if (File.Exists(candidate))
            {
                return candidate;
            }
        }
        return null;
    }

    private static string SourceFolder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
