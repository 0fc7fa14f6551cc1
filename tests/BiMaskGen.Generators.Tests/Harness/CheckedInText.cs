namespace BiMaskGen.Generators.Tests.Harness;

/// <summary>Compares a text with the file that holds it in the repository; BIMASK_UPDATE_SNAPSHOTS=1 accepts what is there now.</summary>
internal static class CheckedInText
{
    private const string Switch = "BIMASK_UPDATE_SNAPSHOTS";

    public static bool Updates { get; } = Environment.GetEnvironmentVariable(Switch) == "1";

    /// <param name="file">The file.</param>
    /// <param name="actual">What it should hold.</param>
    /// <param name="received">Where a text that differs is left, to look at; nowhere if null.</param>
    public static void Verify(string file, string actual, string? received = null)
    {
        if (received is not null)
        {
            File.Delete(received);
        }

        if (Updates)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, actual);
            return;
        }

        string expected = File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : "";
        if (expected != actual && received is not null)
        {
            File.WriteAllText(received, actual);
        }

        Assert.True(expected == actual, $"{file} is not what it should be, from line {FirstDifference(expected, actual)} on; if the change is meant, {Switch}=1 accepts it\n{Around(expected, actual)}");
    }

    private static int FirstDifference(string expected, string actual) =>
        1 + expected.Split('\n').Zip(actual.Split('\n')).TakeWhile(lines => lines.First == lines.Second).Count();

    private static string Around(string expected, string actual)
    {
        int line = FirstDifference(expected, actual) - 1;
        return $"expected: {expected.Split('\n').ElementAtOrDefault(line)}\nactual:   {actual.Split('\n').ElementAtOrDefault(line)}";
    }
}
