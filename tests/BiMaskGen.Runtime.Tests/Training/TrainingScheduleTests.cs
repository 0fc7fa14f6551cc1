using BiMaskGen.Training;
using BiMaskGen.Training.Methods;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Training;

/// <summary>Each schedule at its boundaries, against values written out.</summary>
public sealed class TrainingScheduleTests
{
    private static readonly SparseLayerOptions s_options = new() { Name = "Test.fc", Pattern = new(2, 4) };

    [Fact]
    public void LinearBeta_FallsToZeroAtOneOverTheRate_AndStays()
    {
        TrainingSchedule schedule = Of(s_options with { Method = SparseMethod.MaskDecay, MaskRate = 0.01 });
        Assert.Equal([1, 0.99f, 0.5f, 0.01f, 0, 0, 0], Betas(schedule, 0, 1, 50, 99, 100, 101, 1_000_000), new Near(1e-6f));
        Assert.False(schedule.At(99).Is(new(2, 4)));
        Assert.True(schedule.At(100).Is(new(2, 4)));
    }

    [Fact]
    public void ExponentialBeta_FallsForEver()
    {
        TrainingSchedule schedule = Of(s_options with { Method = SparseMethod.MaskDecay, MaskRate = 0.1, MaskCurve = MaskCurve.Exponential });
        Assert.Equal([1, (float)Math.Exp(-0.1), (float)Math.Exp(-1), (float)Math.Exp(-10)], Betas(schedule, 0, 1, 10, 100), new Near(1e-6f));
        Assert.False(schedule.At(100).Is(new(2, 4)));
    }

    [Theory]
    [InlineData(MaskCurve.Linear, 0.5f, 1 / 60f)]
    [InlineData(MaskCurve.Exponential, 0.0316228f, 0.001122f)]
    public void BetaOverAShare_EndsThere(MaskCurve curve, float half, float last)
    {
        TrainingSchedule schedule = Of(
            s_options with { Method = SparseMethod.MaskDecay, MaskShare = 0.6, MaskCurve = curve, TotalSteps = 100, MaskRate = 77 });
        Assert.Equal([1, half, last, 0, 0, 0], Betas(schedule, 0, 30, 59, 60, 99, 1000), new Near(1e-5f));
    }

    [Fact]
    public void TheDefaultRate_IsThePapers() =>
        Assert.Equal([1, 0.9998f, 0], Betas(Of(s_options with { Method = SparseMethod.MaskDecay }), 0, 1, 5000), new Near(1e-6f));

    [Theory]
    [InlineData(2, 4, "3:4 2:4")]
    [InlineData(1, 4, "3:4 2:4 1:4")]
    [InlineData(2, 8, "7:8 4:8 2:8")]
    [InlineData(1, 8, "7:8 4:8 2:8 1:8")]
    [InlineData(4, 8, "7:8 4:8")]
    [InlineData(1, 16, "15:16 8:16 4:16 2:16 1:16")]
    [InlineData(1, 2, "1:2 1:2")]
    [InlineData(3, 7, "6:7 5:7 4:7 3:7")]
    [InlineData(3, 4, "3:4")]
    [InlineData(3, 8, "7:8 6:8 5:8 4:8 3:8")]
    public void Stepwise_HasEqualFrames(int n, int m, string frames) =>
        CheckFrames(frames.Split(' '), s_options with { Pattern = new(n, m), Method = SparseMethod.StructureDecay });

    [Theory]
    [InlineData(2, 4, "16:32 8:16 4:8 2:4")]
    [InlineData(1, 32, "8:256 4:128 2:64 1:32")]
    [InlineData(3, 7, "24:56 12:28 6:14 3:7")]
    public void Geometric_HasFourFrames(int n, int m, string frames) => CheckFrames(
        frames.Split(' '),
        s_options with { Pattern = new(n, m), Method = SparseMethod.StructureDecay, StructureCurve = StructureCurve.Geometric });

    [Fact]
    public void AFewSteps_AreSharedOutOverMoreFrames()
    {
        TrainingSchedule schedule = Of(s_options with { Pattern = new(1, 16), Method = SparseMethod.StructureDecay, TotalSteps = 2 });
        Assert.Equal(["15:16", "4:16", "1:16"], ((long[])[0, 1, 2]).Select(step => schedule.At(step).ToString()));
    }

    [Fact]
    public void DensePhases_AreAroundTheMethod()
    {
        TrainingSchedule schedule = Of(
            s_options with { Method = SparseMethod.StructureDecay, TotalSteps = 100, DenseFirst = 0.1, DenseLast = 0.2 });
        Assert.Equal(
            ["dense", "dense", "3:4", "3:4", "2:4", "2:4", "dense", "dense", "dense"],
            ((long[])[0, 9, 10, 44, 45, 79, 80, 100, 5000]).Select(step => schedule.At(step).ToString()));
    }

    [Fact]
    public void WithoutADenseEnd_TheMethodGoesOn()
    {
        TrainingSchedule schedule = Of(s_options with { TotalSteps = 10, DenseFirst = 0.25 });
        Assert.Equal(["dense", "dense", "dense", "2:4", "2:4", "2:4"], ((long[])[0, 1, 2, 3, 10, 1000]).Select(step => schedule.At(step).ToString()));
    }

    [Fact]
    public void APhaseThatTakesEverything_LeavesNothingToDivideBy()
    {
        TrainingSchedule schedule = Of(s_options with { Method = SparseMethod.StructureDecay, TotalSteps = 1, DenseFirst = 0.5, DenseLast = 0.4 });
        Assert.True(schedule.At(0).IsDense);
        Assert.Equal("2:4", schedule.At(5).ToString());
    }

    /// <summary>0.1 · 30 is a little more than 3 in floating point, 0.29 · 100 a little less than 29.</summary>
    [Theory]
    [InlineData(0.1, 30, 3)]
    [InlineData(0.29, 100, 29)]
    [InlineData(0.5, 5, 3)]
    [InlineData(1, 1_000_000_007, 1_000_000_007)]
    public void Shares_AreWholeSteps(double share, long steps, long expected) => Assert.Equal(expected, TrainingSchedule.Steps(share, steps));

    [Theory]
    [InlineData(SparseMethod.StructureDecay, 0, 0, 0, "StructureDecay")]
    [InlineData(SparseMethod.MaskDecay, 0.5, 0, 0, "MaskDecay")]
    [InlineData(SparseMethod.BiMask, 0, 0.1, 0, "DenseFirst")]
    [InlineData(SparseMethod.Ste, 0, 0, 0.1, "DenseLast")]
    public void TheLengthOfTheRun_IsAskedForWhereItIsNeeded(SparseMethod method, double share, double first, double last, string what)
    {
        TrainingSchedule schedule = Of(s_options with { Method = method, MaskShare = share, DenseFirst = first, DenseLast = last });
        string message = Assert.Throws<NMSparseException>(() => schedule.At(0)).Message;
        Assert.StartsWith($"Test.fc: the schedule of {what} depends on the length of the run", message, StringComparison.Ordinal);
        Assert.Contains("model.SetTotalSteps(steps)", message, StringComparison.Ordinal);
        schedule.TotalSteps = 100;
        schedule.At(0);
    }

    [Theory]
    [InlineData(SparseMethod.Ste)]
    [InlineData(SparseMethod.Transposable)]
    [InlineData(SparseMethod.MaskDecay)]
    public void OtherSchedules_NeedNone(SparseMethod method) => Assert.Equal(4, Of(s_options with { Method = method }).At(123).M);

    [Theory]
    [InlineData(0, 0, 40, false)]
    [InlineData(39, 0, 40, false)]
    [InlineData(40, 0, 40, true)]
    [InlineData(85, 41, 40, true)]
    [InlineData(79, 41, 40, false)]
    [InlineData(1000, 0, 0, false)]
    public void PeriodsEnd(long step, long begun, int length, bool over) => Assert.Equal(over, LayerHistory.IsOver(step, begun, length));

    [Fact]
    public void MethodsThatDoNotFit_AreRefused()
    {
        Assert.Contains("defined for 2:4 alone, the pattern is 1:4", Assert.Throws<NMSparseException>(
            () => TrainingMethods.Of(s_options with { Method = SparseMethod.Continuous, Pattern = new(1, 4) })).Message, StringComparison.Ordinal);
        Assert.Contains("99 is no training method", Assert.Throws<NMSparseException>(
            () => TrainingMethods.Of(s_options with { Method = (SparseMethod)99 })).Message, StringComparison.Ordinal);
    }

    private static TrainingSchedule Of(SparseLayerOptions options) => new(TrainingMethods.Of(options), options);

    private static IEnumerable<float> Betas(TrainingSchedule schedule, params long[] steps) => [.. steps.Select(step => schedule.At(step).Pruned)];

    // Each frame from its first to its last step, in a run whose length its number divides and in one whose length it does not.
    private static void CheckFrames(string[] frames, SparseLayerOptions options)
    {
        foreach (long total in (long[])[frames.Length * 50, (frames.Length * 50) + 1])
        {
            TrainingSchedule schedule = Of(options with { TotalSteps = total });
            for (long step = 0; step < total + 10; step++)
            {
                int frame = (int)Math.Min(frames.Length - 1, Math.Floor(step / ((double)total / frames.Length) + 1e-9));
                Assert.Equal(frames[frame], schedule.At(step).ToString());
            }

            Assert.Equal(frames[0], schedule.At(49).ToString());
            Assert.Equal(frames[^1], schedule.At(total - 1).ToString());
        }
    }

    private sealed class Near(float tolerance) : IEqualityComparer<float>
    {
        public bool Equals(float x, float y) => Math.Abs(x - y) <= tolerance;

        public int GetHashCode(float value) => 0;
    }
}
