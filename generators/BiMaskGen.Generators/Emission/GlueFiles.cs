using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace BiMaskGen.Generators.Emission;

/// <summary>Emits the fixed text: the files of Templates/, embedded in this assembly, as they are.</summary>
internal static class GlueFiles
{
    private const string Folder = "Templates/";

    private static readonly Lazy<KeyValuePair<string, SourceText>[]> Files = new(Read);

    public static void Emit(SourceProductionContext output, bool any)
    {
        if (!any)
        {
            return;
        }

        foreach (KeyValuePair<string, SourceText> file in Files.Value)
        {
            output.AddSource(file.Key, file.Value);
        }
    }

    private static KeyValuePair<string, SourceText>[] Read()
    {
        Assembly assembly = typeof(GlueFiles).Assembly;
        return [.. assembly.GetManifestResourceNames()
            .Where(static name => name.StartsWith(Folder, StringComparison.Ordinal))
            .OrderBy(static name => name, StringComparer.Ordinal)
            .Select(name => new KeyValuePair<string, SourceText>(
                Path.GetFileNameWithoutExtension(name.Substring(Folder.Length)) + ".g.cs", Text(assembly, name)))];
    }

    private static SourceText Text(Assembly assembly, string name)
    {
        using Stream stream = assembly.GetManifestResourceStream(name);
        using StreamReader reader = new(stream, Encoding.UTF8);
        return SourceText.From(reader.ReadToEnd(), Encoding.UTF8);
    }
}
