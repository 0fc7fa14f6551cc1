using BiMaskGen.Dispatch;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Dispatch;

public class KernelChooserTests
{
    // Trials belong to the process: every test takes a shape of its own.
    private static int s_shapes = 1000;

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
        KernelChooser chooser = New(out _);
        Try(chooser, 64, kernel => kernel == KernelKind.SparseCpu ? sparse : dense);

        Assert.Equal(expected, chooser.Next(64, training: true, out KernelTrial? again));
        Assert.Null(again);
        var decision = Assert.Single(chooser.Decisions);
        Assert.Equal((6, true, expected, sparse, dense, KernelTrial.Calls + 1L), decision);
    }

    [Fact]
    public void WarmUpsDoNotCount_AndAFewSlowSamplesDoNotDecide()
    {
        KernelChooser chooser = New(out _);
        int sparseCalls = 0;
        Try(chooser, 1, kernel =>
        {
            if (kernel != KernelKind.SparseCpu)
            {
                return 20;
            }

            sparseCalls++;
            return sparseCalls <= KernelTrial.WarmUps || sparseCalls % 3 == 0 ? 1000 : 10;
        });

        Assert.Equal(KernelKind.SparseCpu, chooser.Next(1, training: true, out _));
    }

    [Fact]
    public void SizeClassesDecideApart_AndARestoredChoiceIsNotMeasured()
    {
        KernelChooser chooser = New(out _);
        chooser.Restore(3, training: true, KernelKind.MaskedDense);
        Assert.Equal(KernelKind.MaskedDense, chooser.Next(8, training: true, out KernelTrial? timed));
        Assert.Null(timed);
        chooser.Next(8, training: false, out timed);
        Assert.NotNull(timed);
        chooser.Restore(3, training: false, KernelKind.SparseCpu);
        Assert.Equal(KernelKind.SparseCpu, chooser.Next(8, training: false, out timed));
        Assert.Null(timed);
        Assert.NotEqual(KernelKind.Undecided, chooser.Next(9, training: true, out timed));
        Assert.NotNull(timed);
    }

    [Fact]
    public void LayersOfOneShapeShareTheTrial_TrainingAndInferenceDoNot()
    {
        KernelChooser first = New(out int shape);
        Try(first, 64, kernel => kernel == KernelKind.SparseCpu ? 1 : 2);
        var second = new KernelChooser(new NMPattern(2, 4), shape, shape, KernelProduct.Output);
        Assert.Equal(KernelKind.SparseCpu, second.Next(60, training: true, out KernelTrial? timed));
        Assert.Null(timed);
        second.Next(60, training: false, out timed);
        Assert.NotNull(timed);
        var dx = new KernelChooser(new NMPattern(2, 4), shape, shape, KernelProduct.InputGradient);
        dx.Next(60, training: true, out timed);
        Assert.NotNull(timed);
    }

    [Fact]
    public void ALayerThatNeverReports_DoesNotKeepItsTwinFromDeciding()
    {
        // As dX of two layers of one shape, one of which feeds nothing that wants a gradient: by turns the other would always get the same kernel.
        KernelChooser reporting = New(out int shape);
        var silent = new KernelChooser(new NMPattern(2, 4), shape, shape, KernelProduct.Output);
        for (int i = 0; i < KernelTrial.Calls; i++)
        {
            silent.Next(64, training: true, out _);
            KernelKind kernel = reporting.Next(64, training: true, out KernelTrial? timed);
            Assert.NotNull(timed);
            timed.Report(kernel, kernel == KernelKind.SparseCpu ? 3 : 2);
        }

        Assert.Equal(KernelKind.MaskedDense, reporting.Next(64, training: true, out KernelTrial? decided));
        Assert.Null(decided);
    }

    [Fact]
    public void NothingIsTimedBeforeTheWarmUpIsOver()
    {
        var endless = new KernelTrial(TimeSpan.FromDays(1));
        var over = new KernelTrial(TimeSpan.Zero);
        for (int i = 0; i < KernelTrial.Calls; i++)
        {
            foreach (KernelTrial trial in (KernelTrial[])[endless, over])
            {
                KernelKind kernel = trial.Next(out bool timed);
                Assert.True(timed);
                trial.Report(kernel, kernel == KernelKind.SparseCpu ? 3 : 2);
            }
        }

        Assert.Equal(KernelKind.Undecided, endless.Choice);
        Assert.Equal(KernelKind.MaskedDense, over.Choice);
    }

    [Theory]
    [InlineData(null, KernelMode.Auto)]
    [InlineData("", KernelMode.Auto)]
    [InlineData("AUTO", KernelMode.Auto)]
    [InlineData(" sparse ", KernelMode.Sparse)]
    [InlineData("dense", KernelMode.Dense)]
    [InlineData("deterministic", KernelMode.Deterministic)]
    public void TheVariableIsRead(string? value, KernelMode mode) => Assert.Equal(mode, KernelPolicy.Parse(value));

    [Fact]
    public void AnotherWordIsRefused() =>
        Assert.Contains("fast", Assert.Throws<NMSparseException>(() => KernelPolicy.Parse("fast")).Message, StringComparison.Ordinal);

    private static KernelChooser New(out int shape)
    {
        shape = Interlocked.Increment(ref s_shapes);
        return new KernelChooser(new NMPattern(2, 4), shape, shape, KernelProduct.Output);
    }

    private static void Try(KernelChooser chooser, int rows, Func<KernelKind, long> ticks)
    {
        for (int i = 0; i < KernelTrial.Calls; i++)
        {
            KernelKind kernel = chooser.Next(rows, training: true, out KernelTrial? timed);
            Assert.NotNull(timed);
            timed.Report(kernel, ticks(kernel));
        }
    }
}
