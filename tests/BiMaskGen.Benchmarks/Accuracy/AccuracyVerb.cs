using System.CommandLine;
using System.Globalization;

namespace BiMaskGen.Benchmarks.Accuracy;

/// <summary>The command line of the study.</summary>
internal static class AccuracyVerb
{
    internal static Command Create()
    {
        var tasks = new Option<string[]>("--task") { Description = "What to learn.", DefaultValueFactory = _ => ["digits", "text"], AllowMultipleArgumentsPerToken = true };
        tasks.AcceptOnlyFromAmong("digits", "text");
        var train = new Option<FileInfo>("--train") { Description = "optdigits CSV to train on. Default: digits that the sample draws." }.AcceptExistingOnly();
        var test = new Option<FileInfo>("--test") { Description = "optdigits CSV to test on." }.AcceptExistingOnly();
        var text = new Option<FileInfo>("--text") { Description = "Text to train on. Default: the sources and docs of this repository." }.AcceptExistingOnly();
        var seeds = new Option<int[]>("--seeds") { Description = "Seeds, separated by commas. Default: 0 to 4 for digits, 0 to 2 for text.", CustomParser = r => Numbers(r.Tokens[0].Value, ',', r.AddError) };
        var log = new Option<string>("--log") { Description = "Finished runs; what is there is not run again.", DefaultValueFactory = _ => "accuracy.jsonl" };
        var only = new Option<string>("--only") { Description = "Only variants whose name contains this.", DefaultValueFactory = _ => "" };
        var part = new Option<int[]>("--part") { Description = "K/P: every P-th run from the K-th on; other processes take the others.", CustomParser = r => Part(r.Tokens[0].Value, r.AddError), DefaultValueFactory = _ => [1, 1] };
        var quick = new Option<bool>("--quick") { Description = "Seconds instead of an hour: few variants, one seed, little data. To see that it runs." };
        var table = new Option<bool>("--table") { Description = "Train nothing; print the tables of the log." };
        var page = new Option<FileInfo>("--page") { Description = "Write the tables of the log into this page, between its marks, and the charts beside it. Trains nothing." }.AcceptExistingOnly();

        var command = new Command("accuracy", "What every training method, permutation search and option reaches, on digits and on text.")
        {
            tasks, train, test, text, seeds, log, only, part, quick, table, page,
        };
        command.Validators.Add(r =>
        {
            if (r.GetResult(train) is null != r.GetResult(test) is null)
            {
                r.AddError("--train and --test belong together.");
            }
        });
        command.SetAction(r =>
        {
            var runs = new RunLog(r.GetValue(log)!);
            if (r.GetValue(page) is { } file)
            {
                return AccuracyPage.Write(file, runs.Read());
            }

            if (!r.GetValue(table))
            {
                int[] share = r.GetValue(part)!;
                var study = new Study(runs, r.GetValue(only)!, share[0], share[1]);
                bool fast = r.GetValue(quick);
                foreach (string name in r.GetValue(tasks)!.Distinct())
                {
                    study.Run(name == "digits" ? new DigitsTask(r.GetValue(train), r.GetValue(test), fast) : new TextTask(r.GetValue(text), fast), r.GetResult(seeds) is null ? null : r.GetValue(seeds));
                }
            }

            foreach ((string name, string lines) in AccuracyTables.Of(runs.Read()))
            {
                Console.WriteLine($"\n{name}\n\n{lines}");
            }

            return 0;
        });
        return command;
    }

    private static int[] Part(string text, Action<string> error)
    {
        int[] part = Numbers(text, '/', error);
        if (part is not [>= 1, var parts] || part[0] > parts)
        {
            error($"--part {text}: expected K/P with K from 1 to P, such as 1/2.");
        }

        return part;
    }

    private static int[] Numbers(string text, char separator, Action<string> error)
    {
        List<int> numbers = [];
        foreach (string part in text.Split(separator))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            {
                error($"'{part}' is no whole number from 0 on.");
            }

            numbers.Add(number);
        }

        return [.. numbers];
    }
}
