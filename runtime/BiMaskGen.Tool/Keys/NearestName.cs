namespace BiMaskGen.Tool.Keys;

/// <summary>The name that a misspelt one was most likely meant to be.</summary>
internal static class NearestName
{
    /// <summary>The nearest of some names, or null if none is near: more than a third of the letters differ.</summary>
    public static string? Among(IEnumerable<string> names, string name)
    {
        string? nearest = null;
        int best = (Math.Max(name.Length, 3) / 3) + 1;
        foreach (string candidate in names)
        {
            if (Math.Abs(candidate.Length - name.Length) < best && Distance(candidate, name) is int distance && distance < best)
            {
                (nearest, best) = (candidate, distance);
            }
        }

        return nearest;
    }

    /// <summary>Levenshtein's distance.</summary>
    private static int Distance(string left, string right)
    {
        int[] above = [.. Enumerable.Range(0, right.Length + 1)], row = new int[right.Length + 1];
        for (int i = 0; i < left.Length; i++)
        {
            row[0] = i + 1;
            for (int j = 0; j < right.Length; j++)
            {
                int replace = above[j] + (left[i] == right[j] ? 0 : 1);
                row[j + 1] = Math.Min(replace, Math.Min(above[j + 1], row[j]) + 1);
            }

            (above, row) = (row, above);
        }

        return above[^1];
    }
}
