using System.Globalization;
using BiMaskGen.Analyzers;
using BiMaskGen.Generators;

namespace BiMaskGen.Benchmarks.Compiling;

/// <summary>A project of annotated modules on disk, with a response file for each way to compile it.</summary>
internal sealed class ProjectFolder : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bimask-cost-").FullName;
    private readonly string[] _sources;
    private readonly string _analyzers;
    private readonly SdkAnalyzers _usual;

    /// <param name="modules">Number of annotated modules.</param>
    /// <param name="sdkFolder">The SDK in use.</param>
    internal ProjectFolder(int modules, string sdkFolder)
    {
        _sources = [.. Enumerable.Range(0, modules).Select(i => Write($"Module{i.ToString(CultureInfo.InvariantCulture)}.cs", ModuleSources.Module(i)))];

        // One folder, as the package has it: the compiler loads what lies together into one context.
        _analyzers = Directory.CreateDirectory(Path.Combine(_folder, "analyzers")).FullName;
        foreach (Type type in new[] { typeof(BiMaskGenerator), typeof(AttributeRule) })
        {
            File.Copy(type.Assembly.Location, Analyzer(type));
        }

        string generator = Analyzer(typeof(BiMaskGenerator)), analyzers = Analyzer(typeof(AttributeRule)), silent = Path.Combine(_analyzers, "Silent.dll");
        SilentAnalyzer.Write(silent);
        Plain = Response("plain", _sources, []);
        Generator = Response("generator", _sources, [generator]);
        Silent = Response("silent", _sources, [generator, silent]);
        All = Response("all", _sources, [generator, analyzers]);
        _usual = SdkAnalyzers.Find(sdkFolder);
        UsualAll = Response("usual", _sources, [generator, analyzers, .. _usual.Assemblies], _usual.Options);
        Emitting = Response("emitting", _sources, [generator], "-generatedfilesout:" + EmittedFolder);
    }

    /// <summary>The attributes mean nothing.</summary>
    internal string Plain { get; }

    /// <summary>What the generator emits, as ordinary sources: neither generator nor analyzers.</summary>
    internal string Emitted => Response("emitted", AndEmitted, []);

    /// <summary>The same, with the SDK's analyzers and generators.</summary>
    internal string UsualEmitted => Response("usualemitted", AndEmitted, _usual.Assemblies, _usual.Options);

    /// <summary>With the generator.</summary>
    internal string Generator { get; }

    /// <summary>With the generator and an analyzer that looks at nothing.</summary>
    internal string Silent { get; }

    /// <summary>With the generator and the analyzers.</summary>
    internal string All { get; }

    /// <summary>With the generator and the analyzers, and those of the SDK.</summary>
    internal string UsualAll { get; }

    /// <summary>With the generator, whose files are written to disk for <see cref="Emitted"/>.</summary>
    internal string Emitting { get; }

    /// <summary>Characters of the modules, and of what is emitted for them.</summary>
    internal (long Sources, long Emitted) Characters =>
        (_sources.Sum(path => new FileInfo(path).Length), Directory.EnumerateFiles(EmittedFolder, "*.cs", SearchOption.AllDirectories).Sum(path => new FileInfo(path).Length));

    private string[] AndEmitted =>
        [.. _sources, .. Directory.EnumerateFiles(EmittedFolder, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private string EmittedFolder => Directory.CreateDirectory(Path.Combine(_folder, "emitted")).FullName;

    /// <summary>Deletes all of it.</summary>
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Analyzer(Type type) => Path.Combine(_analyzers, Path.GetFileName(type.Assembly.Location));

    private string Response(string name, string[] sources, string[] analyzers, params string[] more)
    {
        string[] lines =
        [
            // What a release build of an SDK-style library passes.
            "-nologo", "-target:library", "-optimize+", "-debug:portable", "-deterministic+", "-nullable:enable", "-langversion:13", "-nostdlib+",
            "-features:InterceptorsNamespaces=BiMaskGen.Generated",
            $"-out:\"{Path.Combine(_folder, "out", name + ".dll")}\"",
            .. Project.References.Select(path => $"-reference:\"{path}\""),
            .. analyzers.Select(path => $"-analyzer:\"{path}\""),
            .. more,
            .. sources.Select(path => $"\"{path}\""),
        ];
        Directory.CreateDirectory(Path.Combine(_folder, "out"));
        return Write(name + ".rsp", string.Join('\n', lines));
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
