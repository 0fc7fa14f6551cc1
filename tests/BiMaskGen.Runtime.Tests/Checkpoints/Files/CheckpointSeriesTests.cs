using BiMaskGen.Checkpoints;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Checkpoints;

public sealed class CheckpointSeriesTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string _path;

    public CheckpointSeriesTests() => _path = _folder["series"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TheNewestStay_WithAllTheirFiles()
    {
        var series = new CheckpointSeries(_path, keep: 2);
        Assert.Null(series.Latest);
        foreach (long step in (long[])[3, 20, 100])
        {
            series.Save(step, folder => Write(folder, step));
            Assert.Equal((step, Path.Combine(_path, $"step-{step}")), series.Latest);
        }

        Assert.Equal(["step-100", "step-20"], Names());
        Assert.Equal("100", File.ReadAllText(Path.Combine(series.Latest!.Value.Folder, "weights")));
        Assert.Equal(series.Latest, new CheckpointSeries(_path).Latest);
    }

    [Fact]
    public void AWriteThatFails_LeavesWhatWasThere()
    {
        var series = new CheckpointSeries(_path);
        series.Save(1, folder => Write(folder, 1));
        Assert.Throws<InvalidDataException>(() => series.Save(2, folder =>
        {
            Write(folder, 2);
            throw new InvalidDataException("no more room");
        }));
        Assert.Equal(["step-1"], Names());
        Assert.Equal(1, series.Latest!.Value.Step);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(4)]
    public void AStepThatIsNotHigher_IsRefused(long step)
    {
        var series = new CheckpointSeries(_path);
        series.Save(5, folder => Write(folder, 5));
        var error = Assert.Throws<ArgumentException>(() => series.Save(step, folder => Write(folder, 9)));
        Assert.Contains($"a checkpoint of step 5 already; a new one needs a higher step than {step}", error.Message, StringComparison.Ordinal);
        Assert.Equal("5", File.ReadAllText(Path.Combine(series.Latest!.Value.Folder, "weights")));
    }

    [Fact]
    public void WhatKilledProcessesLeft_IsNoCheckpoint_AndGoesWithTheNextSave()
    {
        var series = new CheckpointSeries(_path);
        series.Save(1, folder => Write(folder, 1));
        foreach (string left in (string[])["step-2.draft", "step-0.dropped"])
        {
            Write(Directory.CreateDirectory(Path.Combine(_path, left)).FullName, 7);
        }

        Directory.CreateDirectory(Path.Combine(_path, "step-notes"));
        Assert.Equal(1, series.Latest!.Value.Step);
        series.Save(2, folder => Write(folder, 2));
        Assert.Equal(["step-1", "step-2", "step-notes"], Names());
    }

    [Fact]
    public void NoneKept_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => new CheckpointSeries(_path, keep: 0));

    private static void Write(string folder, long content) => File.WriteAllText(Path.Combine(folder, "weights"), $"{content}");

    private string[] Names() => [.. Directory.GetDirectories(_path).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];
}
