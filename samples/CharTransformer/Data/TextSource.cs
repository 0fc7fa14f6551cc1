using System.Text;

namespace CharTransformer;

/// <summary>Where the text comes from: a file, or the sources and docs of the repository that the sample lies in.</summary>
internal static class TextSource
{
    private const string RootMark = "BiMaskGen.sln";
    private static readonly string[] s_skipped = ["artifacts", "bin", "obj", "charts"];

    public static (string Name, string Text) Read(FileInfo? file)
    {
        if (file is not null)
        {
            return (file.Name, Normalize(File.ReadAllText(file.FullName)));
        }

        DirectoryInfo root = FindRoot(Environment.CurrentDirectory) ?? FindRoot(AppContext.BaseDirectory)
            ?? throw new FileNotFoundException($"No {RootMark} above the current folder nor above the program: name a text with --text.");
        var text = new StringBuilder();
        int count = 0;
        foreach (FileInfo source in Sources(root).OrderBy(f => f.FullName, StringComparer.Ordinal))
        {
            text.Append(Normalize(File.ReadAllText(source.FullName))).Append('\n');
            count++;
        }

        return ($"{count} files of this repository", text.ToString());
    }

    private static string Normalize(string text) => text.Replace("\r\n", "\n").Replace("\t", "    ");

    private static DirectoryInfo? FindRoot(string start)
    {
        for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, RootMark)))
            {
                return folder;
            }
        }

        return null;
    }

    private static IEnumerable<FileInfo> Sources(DirectoryInfo folder)
    {
        foreach (FileInfo file in folder.EnumerateFiles().Where(f => f.Extension is ".cs" or ".md"))
        {
            yield return file;
        }

        foreach (DirectoryInfo child in folder.EnumerateDirectories().Where(d => !d.Name.StartsWith('.') && !s_skipped.Contains(d.Name)))
        {
            foreach (FileInfo file in Sources(child))
            {
                yield return file;
            }
        }
    }
}
