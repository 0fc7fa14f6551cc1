using System.Globalization;
using System.Text.RegularExpressions;

namespace BiMaskGen.Samples.Tests;

/// <summary>samples/ResNet as a user starts it, on a few digits that it draws.</summary>
public sealed partial class ResNetTests
{
    private static readonly string s_program = BuiltFiles.Of("ResNet", "ResNet.dll");

    [Fact]
    public void It_trains_dense_and_sparse_and_compares_them()
    {
        ProcessResult run = Processes.Run(Path.GetTempPath(), "dotnet", s_program, "--images", "300", "--compare").Succeeded();
        double[] accuracies = [.. Accuracy().Matches(run.Output).Select(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];

        // Guessing would be right for one of ten; after 75 steps both know far more.
        Assert.Equal(2, accuracies.Length);
        Assert.All(accuracies, accuracy => Assert.InRange(accuracy, 40, 100));
        Assert.Contains("2:4 less dense: ", run.Output, StringComparison.Ordinal);
        foreach (string layer in (string[])["first.conv1", "second.shortcut", "third.conv2"])
        {
            Assert.Contains(layer, run.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Half_of_the_data_is_refused()
    {
        ProcessResult run = Processes.Run(Path.GetTempPath(), "dotnet", s_program, "--train", s_program);
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("--train and --test belong together", run.All, StringComparison.Ordinal);
    }

    [GeneratedRegex(@", seed 0: train loss \S+, test (\S+) %")]
    private static partial Regex Accuracy();
}
