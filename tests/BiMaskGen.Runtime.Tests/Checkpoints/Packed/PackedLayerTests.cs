using System.Security.Cryptography;
using BiMaskGen.Checkpoints;
using BiMaskGen.Masks;
using BiMaskGen.Runtime.Tests.Support;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Checkpoints;

public sealed class PackedLayerTests
{
    private static readonly NMPattern s_twoFour = new(2, 4);

    /// <summary>Elements of 1, 2, 4 and 8 bytes.</summary>
    private static readonly DType[] s_sizes = [DType.F8_E4M3, DType.BF16, DType.F32, DType.F64];

    [Fact]
    public void EveryPattern_EveryElementSize_WithAndWithoutRemainder_BitByBit()
    {
        for (int m = 2; m <= NMPattern.MaxM; m++)
        {
            for (int n = 1; n < m; n++)
            {
                foreach (DType dtype in s_sizes)
                {
                    int seed = (m * 100) + n;
                    foreach (int columns in new[] { 1, n, m - 1, m, m + 1, (2 * m) + n, (3 * m) - 1, 64, 130 })
                    {
                        CheckBackAndForth(PackedCase.Make(new NMPattern(n, m), dtype, 3, columns, seed, ordered: (columns & 1) == 0, full: seed % 3 != 0));
                    }
                }
            }
        }
    }

    [Fact]
    public void EveryTypeOfWholeBytes()
    {
        foreach (DType dtype in Enum.GetValues<DType>().Where(d => d.Bytes() > 0))
        {
            CheckBackAndForth(PackedCase.Make(s_twoFour, dtype, 9, 22, (int)dtype));
            CheckBackAndForth(PackedCase.Make(new NMPattern(5, 31), dtype, 9, 70, (int)dtype, ordered: true));
        }
    }

    [Theory]
    [InlineData(2, 4, DType.F32)]
    [InlineData(3, 7, DType.BF16)]
    public void LargeEnoughForManyThreads(int n, int m, DType dtype)
    {
        CheckBackAndForth(PackedCase.Make(new NMPattern(n, m), dtype, 301, 1001, 1));
        CheckBackAndForth(PackedCase.Make(new NMPattern(n, m), dtype, 301, 1001, 2, ordered: true));
    }

    [Fact]
    public void TheBytesAreThoseOfTheDescription()
    {
        // 2:5, nine columns: a whole group and a remainder of four; three bits per index.
        var mask = new NMMask(2, 9);
        foreach ((int row, int column) in new[] { (0, 1), (0, 4), (0, 5), (0, 8), (1, 2), (1, 6), (1, 7) })
        {
            mask.Set(row, column);
        }

        PackedLayerInfo info = Info(s_twoFour) with { Pattern = new(2, 5), DType = DType.U8, OutFeatures = 2, InFeatures = 9 };
        byte[] dense = [10, 11, 12, 13, 14, 15, 16, 17, 18, 20, 21, 22, 23, 24, 25, 26, 27, 28];
        PackedLayer layer = PackedLayer.Pack(info, dense, mask);

        // Row 1 keeps one of its first group: column 0, the lowest that was pruned, fills up with zero.
        Assert.Equal([11, 14, 15, 18, 0, 22, 26, 27], layer.KeptValues.ToArray());
        Assert.Equal([1 | 4 << 3 | (0 & 3) << 6, 0 | 3 << 1, 0 | 2 << 3 | (1 & 3) << 6, 0 | 2 << 1], layer.Indices.ToArray());
        Assert.Equal(SHA256.HashData(dense), layer.SourceHash.ToArray());
        byte[] back = new byte[dense.Length];
        layer.Unpack(back);
        Assert.Equal([0, 11, 0, 0, 14, 15, 0, 0, 18, 0, 0, 22, 0, 0, 0, 26, 27, 0], back);
    }

    [Fact]
    public void SomeRowsAreThoseOfTheWhole()
    {
        PackedCase c = PackedCase.Make(s_twoFour, DType.BF16, 13, 22, 4, ordered: true);
        PackedLayer layer = c.Pack();
        int rowBytes = 22 * 2;
        for (int first = 0; first <= 13; first++)
        {
            byte[] rows = new byte[(13 - first) * rowBytes];
            layer.UnpackRows(first, 13 - first, rows);
            Assert.Equal(c.Masked.AsSpan(first * rowBytes).ToArray(), rows);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => layer.UnpackRows(12, 2, new byte[2 * rowBytes]));
        Assert.Throws<ArgumentException>(() => layer.UnpackRows(0, 2, new byte[rowBytes]));
    }

    [Fact]
    public void MasksAreThoseOfTheDefinition()
    {
        float[] weight = TestWeights.Gaussian(37 * 50, 11);
        int[] permutation = TestWeights.Permutation(37, 12);
        foreach (NMPattern pattern in new NMPattern[] { s_twoFour, new(1, 4), new(3, 7), new(1, 16) })
        {
            bool[] forward = MaskReference.Forward(pattern.N, pattern.M, weight, 37, 50);
            PackedLayerInfo info = Info(pattern) with { OutFeatures = 37, InFeatures = 50 };
            PackedLayer layer = PackedLayer.Pack(info, Bytes(weight), MaskReference.ToMask(forward, 37, 50), permutation);
            NMMask mask = layer.MakeForwardMask();
            Assert.Equal(-1, MaskReference.FirstDifference(forward, mask));
            bool[] backward = MaskReference.Backward(pattern.N, pattern.M, weight, 37, 50, forward, permutation);
            Assert.Equal(-1, MaskReference.FirstDifference(backward, layer.MakeBackwardMask(mask)));

            PackedLayer unpermuted = PackedLayer.Pack(info, Bytes(weight), MaskReference.ToMask(forward, 37, 50));
            backward = MaskReference.Backward(pattern.N, pattern.M, weight, 37, 50, forward, [.. Enumerable.Range(0, 37)]);
            Assert.Equal(-1, MaskReference.FirstDifference(backward, unpermuted.MakeBackwardMask(mask)));
        }
    }

    [Fact]
    public void AsSinglesItIsTheMaskedWeightConverted()
    {
        float[] weight = TestWeights.Gaussian(200 * 1000, 3), back = new float[200 * 1000];
        bool[] forward = MaskReference.Forward(2, 4, weight, 200, 1000);
        byte[] half = new byte[weight.Length * 2];
        TensorConversion.FromSingle(DType.F16, weight, half);
        PackedLayerInfo info = Info(s_twoFour) with { DType = DType.F16, OutFeatures = 200, InFeatures = 1000 };
        PackedLayer.Pack(info, half, MaskReference.ToMask(forward, 200, 1000)).UnpackSingle(back);
        for (int i = 0; i < weight.Length; i++)
        {
            Assert.Equal(forward[i] ? (float)(Half)weight[i] : 0, back[i]);
        }
    }

    [Fact]
    public void NoBackwardMaskOfWhatIsNoNumber()
    {
        PackedCase integers = PackedCase.Make(s_twoFour, DType.I32, 4, 4, 1);
        Assert.Throws<NMSparseTypeException>(() => integers.Pack().MakeBackwardMask(integers.Mask));
        float[] weight = [1, 2, 3, float.NaN];
        PackedLayerInfo info = Info(s_twoFour) with { OutFeatures = 1, InFeatures = 4 };
        PackedLayer layer = PackedLayer.Pack(info, Bytes(weight), MaskReference.ToMask([false, false, true, true], 1, 4));
        var error = Assert.Throws<NMSparseValueException>(() => layer.MakeBackwardMask(layer.MakeForwardMask()));
        Assert.Contains("entry [0, 3] is NaN", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnotherSourceCanBeNamed()
    {
        PackedCase c = PackedCase.Make(s_twoFour, DType.F32, 4, 8, 1);
        byte[] hash = SHA256.HashData([1, 2, 3]);
        Assert.Equal(hash, PackedLayer.Pack(c.Info, c.Dense, c.Mask, c.RowPermutation, sourceHash: hash).SourceHash.ToArray());
    }

    [Fact]
    public void WhatDoesNotFitIsRefused()
    {
        PackedCase c = PackedCase.Make(s_twoFour, DType.F32, 5, 8, 1);
        NMMask overfull = PackedCase.Make(new NMPattern(3, 4), DType.F32, 5, 8, 1).Mask;
        var error = Assert.Throws<ArgumentException>(() => PackedLayer.Pack(c.Info, c.Dense, overfull));
        Assert.Contains("fc.weight: the mask keeps more than 2 of group 0 of row 0: it is no 2:4 mask", error.Message, StringComparison.Ordinal);
        Refused(() => PackedLayer.Pack(c.Info, c.Dense.AsSpan(4), c.Mask));
        Refused(() => PackedLayer.Pack(c.Info, c.Dense, new NMMask(5, 9)));
        Refused(() => PackedLayer.Pack(c.Info, c.Dense, c.Mask, [0, 1, 2, 3]));
        Refused(() => PackedLayer.Pack(c.Info, c.Dense, c.Mask, [0, 1, 2, 3, 3]));
        Refused(() => PackedLayer.Pack(c.Info, c.Dense, c.Mask, default, [0, 1, 2, 3, 4, 5, 6, 8]));
        Refused(() => PackedLayer.Pack(c.Info, c.Dense, c.Mask, sourceHash: [1]));
        Refused(() => PackedLayer.Pack(c.Info with { Pattern = default }, c.Dense, c.Mask));
        Refused(() => PackedLayer.Pack(c.Info with { DType = DType.F4 }, c.Dense, c.Mask));
        Refused(() => PackedLayer.Pack(c.Info with { OutFeatures = 0 }, default, new NMMask(0, 8)));
        Refused(() => c.Pack().Unpack(new byte[c.Dense.Length - 1]));
        Refused(() => c.Pack().UnpackSingle(new float[39]));

        static void Refused(Action action) => Assert.ThrowsAny<ArgumentException>(action);
    }

    private static void CheckBackAndForth(PackedCase c)
    {
        PackedLayer layer = c.Pack();
        Assert.Equal(c.Info, layer.Info);
        Assert.Equal(c.Info.ValueBytes, layer.KeptValues.Length);
        byte[] back = RawFiles.Noise(c.Dense.Length, 1);
        layer.Unpack(back);
        Assert.True(c.Masked.AsSpan().SequenceEqual(back), $"{c.Info}");
        Assert.Equal(c.RowPermutation, layer.RowPermutation.ToArray());
        Assert.Equal(c.ChannelOrder, layer.ChannelOrder.ToArray());
        Assert.Equal(SHA256.HashData(c.Dense), layer.SourceHash.ToArray());
    }

    private static PackedLayerInfo Info(NMPattern pattern) =>
        new() { Name = "fc.weight", DType = DType.F32, OutFeatures = 1, InFeatures = 1, Pattern = pattern };

    private static byte[] Bytes(float[] weight) => System.Runtime.InteropServices.MemoryMarshal.AsBytes(weight.AsSpan()).ToArray();
}
