using BiMaskGen.Dispatch;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Dispatch;

public class KernelChooserTests
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(4, 2)]
    [InlineData(5, 3)]
    [InlineData(1024, 10)]
    [InlineData(1025, 11)]
    public void BatchesFallIntoPowersOfTwo(int rows, int bucket) => Assert.Equal(bucket, KernelChooser.Bucket(rows));

    [Theory]
    [InlineData(10, 30, KernelKind.SparseCpu)]
    [InlineData(30, 10, KernelKind.MaskedDense)]
    public void TheFasterStays_AfterABoundedTrial(long sparse, long dense, KernelKind expected)
    {
        var chooser = new KernelChooser();
        for (int i = 0; i < KernelChooser.TrialCalls; i++)
        {
            KernelKind kernel = chooser.Next(64, out bool timed);
            Assert.True(timed);
            chooser.Report(64, kernel, kernel == KernelKind.SparseCpu ? sparse : dense);
        }

        Assert.Equal(expected, chooser.Next(64, out bool again));
        Assert.False(again);
        var decision = Assert.Single(chooser.Decisions);
        Assert.Equal((6, expected, sparse, dense, KernelChooser.TrialCalls + 1L), decision);
    }

    [Fact]
    public void WarmUpsDoNotCount_AndOneSlowSampleDoesNotDecide()
    {
        var chooser = new KernelChooser();
        int sparseCalls = 0;
        for (int i = 0; i < KernelChooser.TrialCalls; i++)
        {
            KernelKind kernel = chooser.Next(1, out _);
            long ticks = 20;
            if (kernel == KernelKind.SparseCpu)
            {
                sparseCalls++;
                ticks = sparseCalls is 1 or 4 ? 1000 : 10;
            }

            chooser.Report(1, kernel, ticks);
        }

        Assert.Equal(KernelKind.SparseCpu, chooser.Next(1, out _));
    }

    [Fact]
    public void SizeClassesDecideApart_AndARestoredChoiceIsNotMeasured()
    {
        var chooser = new KernelChooser();
        chooser.Restore(3, KernelKind.MaskedDense);
        Assert.Equal(KernelKind.MaskedDense, chooser.Next(8, out bool timed));
        Assert.False(timed);
        Assert.NotEqual(KernelKind.Undecided, chooser.Next(9, out timed));
        Assert.True(timed);
    }

    [Theory]
    [InlineData(null, KernelMode.Auto)]
    [InlineData("", KernelMode.Auto)]
    [InlineData("AUTO", KernelMode.Auto)]
    [InlineData(" sparse ", KernelMode.Sparse)]
    [InlineData("dense", KernelMode.Dense)]
    public void TheVariableIsRead(string? value, KernelMode mode) => Assert.Equal(mode, KernelPolicy.Parse(value));

    [Fact]
    public void AnotherWordIsRefused() =>
        Assert.Contains("fast", Assert.Throws<NMSparseException>(() => KernelPolicy.Parse("fast")).Message, StringComparison.Ordinal);
}
