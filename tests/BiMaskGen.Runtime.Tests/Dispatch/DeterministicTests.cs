using BiMaskGen.Dispatch;
using BiMaskGen.Runtime.Tests.Support;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Dispatch;

[Collection(KernelModeCollection.Name)]
public sealed class DeterministicTests : IDisposable
{
    private readonly KernelMode _before = KernelPolicy.Mode;

    public DeterministicTests() => KernelPolicy.Mode = KernelMode.Deterministic;

    public void Dispose() => KernelPolicy.Mode = _before;

    [Theory]
    [InlineData(512, 512, KernelKind.SparseCpu)]
    [InlineData(2048, 128, KernelKind.SparseCpu)]
    [InlineData(511, 512, KernelKind.MaskedDense)]
    public void NothingIsMeasured_TheSizeDecides(int rows, int columns, KernelKind expected)
    {
        var chooser = new KernelChooser(new NMPattern(2, 4), rows, columns, KernelProduct.Output);
        for (int call = 0; call < 3 * KernelTrial.Calls; call++)
        {
            Assert.Equal(expected, chooser.Next(64, training: true, out KernelTrial? timed));
            Assert.Null(timed);
        }

        Assert.Equal((6, true, expected), chooser.Decisions.Select(d => (d.Bucket, d.Training, d.Kernel)).Single());
    }

    [Fact]
    public void WhatAStatePinned_Stays()
    {
        var chooser = new KernelChooser(new NMPattern(2, 4), 512, 512, KernelProduct.Output);
        chooser.Restore(6, training: true, KernelKind.MaskedDense);
        Assert.Equal(KernelKind.MaskedDense, chooser.Next(64, training: true, out _));
        Assert.Equal(KernelKind.SparseCpu, chooser.Next(64, training: false, out _));
    }

    [Fact]
    public void WhatItTook_IsPinnedWhenTheModeChanges()
    {
        var chooser = new KernelChooser(new NMPattern(2, 4), 64, 64, KernelProduct.Output);
        chooser.Next(64, training: true, out _);
        KernelPolicy.Mode = KernelMode.Auto;
        Assert.Equal(KernelKind.MaskedDense, chooser.Next(64, training: true, out KernelTrial? timed));
        Assert.Null(timed);
    }
}
