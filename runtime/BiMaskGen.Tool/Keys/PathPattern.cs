using System.Text;
using System.Text.RegularExpressions;

namespace BiMaskGen.Tool.Keys;

/// <summary>A pattern of keys: <c>*</c> stands for any one name, or any part of one; <c>**</c> for any number of names.</summary>
internal sealed class PathPattern
{
    private readonly Regex _regex;

    private PathPattern(string text, Regex regex)
    {
        Text = text;
        _regex = regex;
    }

    /// <summary>As the user wrote it.</summary>
    public string Text { get; }

    /// <summary>Whether it is one key, written out.</summary>
    public bool IsOneKey => !Text.Contains('*', StringComparison.Ordinal);

    /// <summary>Reads a pattern.</summary>
    public static PathPattern Parse(string text)
    {
        StringBuilder regex = new("^");
        for (int i = 0; i < text.Length; i++)
        {
            bool twice = text[i] == '*' && i + 1 < text.Length && text[i + 1] == '*';
            regex.Append(twice ? ".*" : text[i] == '*' ? @"[^.]*" : Regex.Escape(text[i].ToString()));
            i += twice ? 1 : 0;
        }

        return new PathPattern(text, new Regex(regex.Append('$').ToString(), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking));
    }

    /// <summary>Reads several, separated by ";" or ",".</summary>
    public static IReadOnlyList<PathPattern> ParseList(string? text) =>
        [.. (text ?? "").Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Parse)];

    /// <summary>Whether a key is meant.</summary>
    public bool Matches(string path) => _regex.IsMatch(path);
}
