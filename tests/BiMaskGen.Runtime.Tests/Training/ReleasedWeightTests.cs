using BiMaskGen.Kernels;
using BiMaskGen.Patterns;
using BiMaskGen.Runtime.Tests.Kernels;
using BiMaskGen.Runtime.Tests.Packing;
using BiMaskGen.Runtime.Tests.Support;
using BiMaskGen.Training;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Training;

/// <summary>A layer that computes without its dense weight.</summary>
[Collection(KernelSettings.Name)]
public sealed class ReleasedWeightTests
{
    [Theory]
    [MemberData(nameof(KernelSettings.Widths), MemberType = typeof(KernelSettings))]
    public void EveryWidthGivesTheMaskedProduct(int bits) => KernelSettings.With(bits, 2, () =>
    {
        Check<Pattern2x4>();
        Check<Pattern1x16>();
        Check<Pattern3x7>();
        Check<Pattern1x32>();
    });

    [Fact]
    public void AllThatIsHeldIsThePackedWeight()
    {
        Holds<Pattern2x4>(17.0 / 32);
        Holds<Pattern1x4>(17.0 / 64);
        Holds<Pattern1x16>(9.0 / 128);
    }

    [Fact]
    public void WhatNeedsTheDenseWeightIsRefused()
    {
        SparseLinear<Pattern2x4> layer = New<Pattern2x4>(8, 8);
        float[] weight = Pinned.Random(64, 1);
        MatrixView view = Pinned.View(weight, 8, 8);
        Assert.Contains("has not been released", Assert.Throws<InvalidOperationException>(() => layer.ForwardReleased(view, default, view, Activation.None)).Message, StringComparison.Ordinal);
        layer.Release(view);
        layer.Release(view);
        Assert.True(layer.IsReleased);
        Action[] actions =
        [
            () => layer.Begin(view, 1, false, false, Activation.None), () => layer.Begin(view, 1, true, true, Activation.None),
            () => layer.WriteMasks(view, false, view, default), () => layer.OnStateDict(view), () => layer.ExportState(),
        ];
        Assert.All(actions, action => Assert.Equal("Test.fc", Assert.Throws<NMSparseReleasedException>(action).Layer));
        Assert.Throws<NMSparseShapeException>(() => layer.ForwardReleased(Pinned.View(weight, 16, 4), default, view, Activation.None));
        Assert.Throws<NMSparseShapeException>(() => layer.ForwardReleased(view, default, Pinned.View(weight, 4, 16), Activation.None));
    }

    [Fact]
    public void AWeightThatIsNoNumberIsRefused_AndTheLayerStays()
    {
        SparseLinear<Pattern2x4> layer = New<Pattern2x4>(8, 8);
        float[] weight = Pinned.Random(64, 1);
        weight[9] = float.NaN;
        Assert.Throws<NMSparseValueException>(() => layer.CheckWeight(Pinned.View(weight, 8, 8)));
        Assert.Throws<NMSparseValueException>(() => layer.Release(Pinned.View(weight, 8, 8)));
        Assert.False(layer.IsReleased);
    }

    [Fact]
    public void ACallAllocatesNothing()
    {
        SparseLinear<Pattern2x4> layer = New<Pattern2x4>(96, 64);
        layer.Release(Pinned.View(Pinned.Random(96 * 64, 1), 96, 64));
        float[] x = Pinned.Random(30 * 64, 2), y = Pinned.Random(30 * 96, 3);
        Assert.Equal(0, KernelSettings.BytesAllocatedBy(2, () => layer.ForwardReleased(Pinned.View(x, 30, 64), default, Pinned.View(y, 30, 96), Activation.Gelu)));
    }

    private static void Check<TPattern>()
        where TPattern : struct, INMPattern
    {
        const int Out = 45, In = 75;
        SparseLinear<TPattern> layer = New<TPattern>(Out, In);
        float[] weight = Pinned.Random(Out * In, 1), bias = Pinned.Random(Out, 2);
        bool[] kept = MaskReference.Forward(TPattern.N, TPattern.M, weight, Out, In);
        layer.Release(Pinned.View(weight, Out, In));
        weight.AsSpan().Fill(float.NaN);
        float[] dense = Pinned.Random(Out * In, 1);
        foreach (int rows in (int[])[0, 1, 2, 9, 24, 25, 70])
        {
            float[] x = Pinned.Random(rows * In, 3), y = Pinned.Random(rows * Out, 4);
            layer.ForwardReleased(Pinned.View(x, rows, In), Pinned.View(bias, 1, Out), Pinned.View(y, rows, Out), Activation.Relu);
            for (int i = 0; i < y.Length; i++)
            {
                double sum = bias[i % Out];
                for (int c = 0; c < In; c++)
                {
                    sum += kept[(i % Out * In) + c] ? (double)dense[(i % Out * In) + c] * x[(i / Out * In) + c] : 0;
                }

                Data.AssertClose(Math.Max(sum, 0), y[i], In, $"{layer.Pattern}, {rows} rows, entry {i}");
            }
        }
    }

    private static void Holds<TPattern>(double share)
        where TPattern : struct, INMPattern
    {
        const int Size = 512, Chooser = 4096, Alignment = 2 * 64;
        const double Dense = (double)Size * Size * sizeof(float);
        SparseLinear<TPattern> layer = New<TPattern>(Size, Size);
        float[] weight = Pinned.Random(Size * Size, 1);

        // As in training: both masks, both operands and a permutation are there.
        layer.End(layer.Begin(Pinned.View(weight, Size, Size), 64, training: true, wantsInputGradient: true, Activation.None));
        Assert.True(Reachable.ArrayBytes(layer) > share * Dense * 1.5, "before");
        layer.Release(Pinned.View(weight, Size, Size));
        Assert.InRange(layer.GetReport().ReleasedBytes!.Value, share * Dense, (share * Dense) + Alignment);

        // Beside the weight there are only the times of the kernels.
        Assert.InRange(Reachable.ArrayBytes(layer), share * Dense, (share * Dense) + Alignment + Chooser);
    }

    private static SparseLinear<TPattern> New<TPattern>(int outFeatures, int inFeatures)
        where TPattern : struct, INMPattern =>
        new(new SparseLayerOptions { Name = "Test.fc", Pattern = NMPattern.Of<TPattern>(), Search = PermutationSearch.Identity }, outFeatures, inFeatures);
}
