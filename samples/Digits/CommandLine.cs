using System.CommandLine;
using System.Globalization;
using BiMaskGen;

namespace Digits;

/// <summary>The options of the sample.</summary>
internal static class CommandLine
{
    /// <summary>The root command, which calls <paramref name="run"/> with checked settings.</summary>
    public static RootCommand Create(Func<Settings, int> run)
    {
        var train = new Option<FileInfo>("--train") { Description = "optdigits CSV to train on. Default: digits that the sample draws." }.AcceptExistingOnly();
        var test = new Option<FileInfo>("--test") { Description = "optdigits CSV to test on." }.AcceptExistingOnly();
        var pattern = new Option<string>("--pattern") { Description = "N:M pattern of fc1 and fc2, or dense.", DefaultValueFactory = _ => "2:4" };
        pattern.AcceptOnlyFromAmong([.. Variant.All.Select(v => v.Pattern).Distinct()]);
        var search = new Option<string>("--search") { Description = "Search for the backward permutation.", DefaultValueFactory = _ => nameof(PermutationSearch.Swap) };
        search.AcceptOnlyFromAmong(nameof(PermutationSearch.Swap), nameof(PermutationSearch.PaperRandom));
        var seeds = new Option<int[]>("--seeds")
        {
            Description = "Seeds, one run each, separated by commas.",
            CustomParser = result => Seeds(result.Tokens[0].Value, result.AddError),
            DefaultValueFactory = _ => [0],
        };
        var table = new Option<bool>("--table") { Description = "All patterns and searches over seeds 0, 1, 2 (or --seeds), beside the published accuracies." };

        var root = new RootCommand("Trains an MLP on images of digits, its layers N:M sparse in both directions.") { train, test, pattern, search, seeds, table };
        root.Validators.Add(r =>
        {
            if (r.GetResult(train) is null != r.GetResult(test) is null)
            {
                r.AddError("--train and --test belong together.");
            }
        });
        root.SetAction(r =>
        {
            bool all = r.GetValue(table), given = r.GetResult(seeds) is { Implicit: false };
            return run(new Settings(
                r.GetValue(train), r.GetValue(test), r.GetValue(pattern)!, Enum.Parse<PermutationSearch>(r.GetValue(search)!),
                all && !given ? [0, 1, 2] : r.GetValue(seeds)!, all));
        });
        return root;
    }

    private static int[] Seeds(string text, Action<string> error)
    {
        List<int> seeds = [];
        foreach (string part in text.Split(','))
        {
            if (!int.TryParse(part, NumberStyles.Integer, CultureInfo.InvariantCulture, out int seed))
            {
                error($"--seeds: '{part}' is no whole number.");
            }

            seeds.Add(seed);
        }

        return [.. seeds];
    }
}
