using System.Reflection;
using System.Text.RegularExpressions;
using BiMaskGen.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace BiMaskGen.Generators.Tests.Specimens;

/// <summary>
/// A small project in the folder Zoo, as a user would write it: one file, or the files that share their name up to the first dot.
/// Comments announce what must come of it, exactly: <c>// expect</c> a diagnostic (<see cref="Expectation"/>), <c>// emits:</c> the first
/// line of an interceptors file. <c>// zoo: key = value</c> sets an analyzer option, or with <c>interceptors</c> the namespaces in which
/// the project allows them.
/// </summary>
internal sealed partial class Specimen
{
    private const string ImplicitUsings = """
        global using global::System;
        global using global::System.Collections.Generic;
        global using global::System.IO;
        global using global::System.Linq;
        global using global::System.Threading;
        global using global::System.Threading.Tasks;
        """;

    private readonly CSharpParseOptions _parseOptions = TestCompilation.ParseOptions;

    private Specimen(string name, IEnumerable<string> paths)
    {
        Name = name;
        List<SyntaxTree> trees = [];
        List<Expectation> expected = [];
        List<string> emits = [];
        Dictionary<string, string> settings = [];
        string[] texts = [.. paths.Select(File.ReadAllText).Select(text => text.ReplaceLineEndings("\n"))];
        foreach (Match setting in texts.SelectMany(text => Setting().Matches(text)))
        {
            settings.Add(setting.Groups["key"].Value, setting.Groups["value"].Value);
        }

        if (settings.Remove("interceptors", out string? namespaces))
        {
            _parseOptions = _parseOptions.WithFeatures(namespaces == "off" ? [] : [new("InterceptorsNamespaces", namespaces)]);
        }

        foreach ((string path, string text) in paths.Zip(texts))
        {
            string file = Path.GetFileName(path);
            trees.Add(Parse(text, file));
            expected.AddRange(Expectation.In(file, text));
            emits.AddRange(Emits().Matches(text).Select(match => match.Groups[1].Value));
        }

        Sources = trees;
        Expected = expected;
        Emitted = emits;
        Settings = settings;
    }

    /// <summary>All specimens by name, in order.</summary>
    public static IReadOnlyDictionary<string, Specimen> All { get; } = new SortedDictionary<string, Specimen>(
        Directory.GetFiles(Path.Combine(Folders.Project, "Zoo"), "*.cs", SearchOption.AllDirectories)
            .Where(path => Path.GetFileName(Path.GetDirectoryName(path)) != "Support")
            .Order(StringComparer.Ordinal)
            .GroupBy(path => Path.GetFileName(path).Split('.')[0])
            .ToDictionary(group => group.Key, group => new Specimen(group.Key, [.. group])),
        StringComparer.Ordinal);

    public string Name { get; }

    /// <summary>Its files; file names as paths.</summary>
    public IReadOnlyList<SyntaxTree> Sources { get; }

    public IReadOnlyList<Expectation> Expected { get; }

    /// <summary>The announced first lines of interceptors files, without the slashes.</summary>
    public IReadOnlyList<string> Emitted { get; }

    /// <summary>Global analyzer options, as MSBuild gives them.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; }

    public SyntaxTree Parse(string text, string path) => CSharpSyntaxTree.ParseText(text, _parseOptions, path);

    public CSharpCompilation Compile()
    {
        bool isProgram = Sources.Any(tree => tree.GetRoot().ChildNodes().Any(node => node is GlobalStatementSyntax));
        return CSharpCompilation.Create(
            "Specimen",
            [.. Sources, Parse(ImplicitUsings, "Usings.cs")],
            [.. References.All, MissingModules.Reference],
            new CSharpCompilationOptions(
                isProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary,
                nullableContextOptions: NullableContextOptions.Enable));
    }

    [GeneratedRegex(@"^// zoo: (?<key>[\w.]+) = (?<value>\S+)\s*$", RegexOptions.Multiline)]
    private static partial Regex Setting();

    [GeneratedRegex(@"^// emits: (.+?)\s*$", RegexOptions.Multiline)]
    private static partial Regex Emits();
}
