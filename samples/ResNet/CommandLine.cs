using System.CommandLine;
using Samples;

namespace DigitResNet;

/// <summary>The options of the sample.</summary>
internal static class CommandLine
{
    /// <summary>The root command, which calls <paramref name="run"/> with checked settings.</summary>
    public static RootCommand Create(Func<Settings, int> run)
    {
        var train = new Option<FileInfo>("--train") { Description = "optdigits CSV to train on. Default: digits that the sample draws." }.AcceptExistingOnly();
        var test = new Option<FileInfo>("--test") { Description = "optdigits CSV to test on." }.AcceptExistingOnly();
        Option<int> images = Options.Count("--images", 3000, "Digits to draw where no file is given; half as many to test on.");
        Option<int> seeds = Options.Count("--seeds", 1, "Runs, of seeds 0, 1, …");
        var compare = new Option<bool>("--compare") { Description = "Trains the dense model too, from the same seeds." };
        var root = new RootCommand("Trains a residual network on images of digits, its convolutions N:M sparse in both directions.")
        {
            train, test, images, seeds, compare,
        };
        root.Validators.Add(r =>
        {
            if (r.GetResult(train) is null != r.GetResult(test) is null)
            {
                r.AddError("--train and --test belong together.");
            }
        });
        root.SetAction(r => run(new Settings(r.GetValue(train), r.GetValue(test), r.GetValue(images), r.GetValue(seeds), r.GetValue(compare))));
        return root;
    }
}
