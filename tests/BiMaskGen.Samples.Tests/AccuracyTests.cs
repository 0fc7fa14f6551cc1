namespace BiMaskGen.Samples.Tests;

/// <summary>The accuracy study of tests/BiMaskGen.Benchmarks as it is started by hand; it trains the samples' models.</summary>
public sealed class AccuracyTests : IDisposable
{
    private static readonly string s_program = BuiltFiles.Of("BiMaskGen.Benchmarks", "BiMaskGen.Benchmarks.dll");

    private readonly string _folder = Directory.CreateTempSubdirectory("bimaskgen-").FullName;

    private string Log => Path.Combine(_folder, "runs.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_study_goes_on_where_it_was()
    {
        string first = Study("--only", "2:4 S");
        string[] lines = File.ReadAllLines(Log);
        Assert.Contains("runs, 0 of them in the log", first, StringComparison.Ordinal);
        Assert.Contains("| SrSte | ", first, StringComparison.Ordinal);
        Assert.Contains("| StructureDecay, StructureCurve = Geometric | ", first, StringComparison.Ordinal);
        Assert.True(lines.Length >= 4, first);
        Assert.All(lines, line => Assert.Contains("\"pattern\":\"2:4\"", line, StringComparison.Ordinal));

        // As a kill in the middle of a line leaves it.
        File.AppendAllText(Log, lines[0][..40]);
        string again = Study("--only", "2:4 S");
        Assert.Contains($"{lines.Length} runs, {lines.Length} of them in the log", again, StringComparison.Ordinal);
        string more = Study("--only", "dense");
        Assert.Contains("1 runs, 0 of them in the log", more, StringComparison.Ordinal);
        Assert.Equal(lines, File.ReadAllLines(Log)[..lines.Length]);
        Assert.Equal(lines.Length + 1, File.ReadAllLines(Log).Length);
    }

    [Fact]
    public void Parts_make_the_whole_and_a_run_is_the_same_each_time()
    {
        Study("--only", "2:4 Ste", "--seeds", "1,2,3", "--part", "1/2");
        Assert.Equal(2, File.ReadAllLines(Log).Length);
        Study("--only", "2:4 Ste", "--seeds", "1,2,3", "--part", "2/2");
        string[] parts = File.ReadAllLines(Log);
        File.Delete(Log);
        Study("--only", "2:4 Ste", "--seeds", "1,2,3");
        string[] whole = File.ReadAllLines(Log);
        Assert.Equal(whole.Select(Result).Order(StringComparer.Ordinal), parts.Select(Result).Order(StringComparer.Ordinal));

        static string Result(string line) => line[..line.IndexOf(",\"seconds\"", StringComparison.Ordinal)];
    }

    [Fact]
    public void Text_is_learnt_too()
    {
        string text = Path.Combine(_folder, "text.txt");
        File.WriteAllText(text, string.Concat(Enumerable.Range(0, 400).Select(i => $"line {i} of a text that repeats itself.\n")));
        string output = Run("--task", "text", "--text", text, "--quick", "--only", "n", "--log", Log);
        Assert.Contains("text-loss", output, StringComparison.Ordinal);
        Assert.Contains("| Continuous | ", output, StringComparison.Ordinal);
        Assert.Contains("| dense | ", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_that_is_no_run_is_named()
    {
        File.WriteAllText(Log, "{\"no\":\"run\"}\n");
        ProcessResult run = Start("--table", "--log", Log);
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("line 1 is no finished run", run.Error, StringComparison.Ordinal);
    }

    /// <summary>The tables of the page are those of the runs beside it.</summary>
    [Fact]
    public void The_page_has_the_tables_of_its_log()
    {
        string docs = Path.Combine(BuiltFiles.Repository, "docs"), page = Path.Combine(_folder, "accuracy.md");
        File.Copy(Path.Combine(docs, "accuracy.md"), page);
        Run("--page", page, "--log", Path.Combine(docs, "accuracy", "runs.jsonl"));
        Assert.Equal(File.ReadAllText(Path.Combine(docs, "accuracy.md")), File.ReadAllText(page));
        foreach (string chart in Directory.GetFiles(Path.Combine(docs, "accuracy"), "*.svg"))
        {
            Assert.Equal(File.ReadAllText(chart), File.ReadAllText(Path.Combine(_folder, "accuracy", Path.GetFileName(chart))));
        }
    }

    private string Study(params string[] arguments) => Run(["--task", "digits", "--quick", "--log", Log, .. arguments]);

    private static string Run(params string[] arguments) => Start(arguments).Succeeded().Output;

    private static ProcessResult Start(params string[] arguments) => Processes.Run(Path.GetTempPath(), "dotnet", [s_program, "accuracy", .. arguments]);
}
