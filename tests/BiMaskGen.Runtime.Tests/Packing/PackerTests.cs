using BiMaskGen.Masks;
using BiMaskGen.Packing;
using BiMaskGen.Patterns;
using BiMaskGen.Runtime.Tests.Kernels;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Packing;

[Collection(KernelSettings.Name)]
public sealed class PackerTests
{
    [Fact]
    public void EveryPatternAndShapeUnpacksToTheMaskedWeight() => EveryPattern.Run(new RoundTrip());

    [Fact]
    public void PackingAgainReplacesWhatWasThere()
    {
        SparseCase<Pattern2x4> first = new(37, 70, false, false, 1);
        SparseCase<Pattern2x4> second = new(37, 70, false, false, 2);
        SparseCase<Pattern2x4> transposed = new(37, 70, true, true, 3);
        var dense = new float[37 * 70];
        Packer.PackBackward<Pattern2x4>(transposed.Weight, 70, 37, transposed.Mask, transposed.Order, first.Packed);
        first.Packed.Unpack(dense);
        Assert.Equal(transposed.Dense, dense);
        Assert.Equal(transposed.Order, first.Packed.ColumnOrder);
        Packer.PackForward<Pattern2x4>(second.Weight, 37, 70, second.Mask, first.Packed);
        first.Packed.Unpack(dense);
        Assert.Equal(second.Dense, dense);
        Assert.True(first.Packed.ColumnOrder.IsEmpty);
    }

    [Fact]
    public void ThePermutationOfTheContractionIsKept()
    {
        SparseCase<Pattern2x4> permuted = new(5, 12, true, true, 1);
        Assert.True(permuted.Packed.IsPermuted);
        Assert.Equal(permuted.Order, permuted.Packed.ColumnOrder);
        SparseCase<Pattern2x4> straight = new(5, 12, true, false, 1);
        Assert.False(straight.Packed.IsPermuted);
    }

    [Fact]
    public void PackingAllocatesNothing()
    {
        SparseCase<Pattern2x4> forward = new(300, 200, false, false, 1);
        SparseCase<Pattern2x4> ordered = new(300, 200, false, true, 1);
        SparseCase<Pattern2x4> backward = new(300, 200, true, true, 1);
        Assert.Equal(0, KernelSettings.BytesAllocatedBy(2, () => forward.Pack()));
        Assert.Equal(0, KernelSettings.BytesAllocatedBy(2, () => ordered.Pack()));
        Assert.Equal(0, KernelSettings.BytesAllocatedBy(2, () => backward.Pack()));
    }

    [Fact]
    public void TheCompactFormTakesWhatItSays()
    {
        // 2:4 keeps half the values of 4 bytes and 2 bits of index each: 17/32 of the dense weight; 1:16 keeps 9/128.
        PackedMatrix half = new(NMPattern.Of<Pattern2x4>(), 256, 512), sixteenth = new(NMPattern.Of<Pattern1x16>(), 256, 512);
        SparseCase<Pattern2x4> two = new(256, 512, false, false, 1);
        SparseCase<Pattern1x16> one = new(256, 512, false, false, 2);
        Packer.PackForward<Pattern2x4>(two.Weight, 256, 512, two.Mask, half, PackedForms.Groups);
        Packer.PackForward<Pattern1x16>(one.Weight, 256, 512, one.Mask, sixteenth, PackedForms.Groups);
        const int dense = 256 * 512 * sizeof(float), alignment = 2 * 64;
        Assert.Equal((dense * 17 / 32) + alignment, half.Bytes);
        Assert.Equal((dense * 9 / 128) + alignment, sixteenth.Bytes);
    }

    [Fact]
    public void AMaskWithMoreThanNIsRefused()
    {
        var weight = new float[8 * 8];
        var mask = new NMMask(8, 8);
        mask.Set(3, 4);
        mask.Set(3, 5);
        PackedMatrix packed = new(NMPattern.Of<Pattern1x4>(), 8, 8);
        var error = Assert.Throws<ArgumentException>(() => Packer.PackForward<Pattern1x4>(weight, 8, 8, mask, packed));
        Assert.Contains("row 3", error.Message, StringComparison.Ordinal);
        mask.Clear();
        mask.Set(4, 3);
        mask.Set(5, 3);
        Assert.Throws<ArgumentException>(() => Packer.PackBackward<Pattern1x4>(weight, 8, 8, mask, [], packed));
    }

    [Fact]
    public void ShapesAndPatternsMustAgree()
    {
        var weight = new float[6 * 8];
        var mask = new NMMask(6, 8);
        PackedMatrix packed = new(NMPattern.Of<Pattern2x4>(), 6, 8);
        Packer.PackForward<Pattern2x4>(weight, 6, 8, mask, packed);
        Assert.Throws<ArgumentException>(() => Packer.PackForward<Pattern1x4>(weight, 6, 8, mask, packed));
        Assert.Throws<ArgumentException>(() => Packer.PackForward<Pattern2x4>(weight.AsSpan(1), 6, 8, mask, packed));
        Assert.Throws<ArgumentException>(() => Packer.PackForward<Pattern2x4>(weight, 6, 8, new NMMask(8, 6), packed));
        Assert.Throws<ArgumentException>(() => Packer.PackBackward<Pattern2x4>(weight, 6, 8, mask, [], packed));
        Assert.Throws<ArgumentException>(() => packed.Unpack(new float[47]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PackedMatrix(NMPattern.Of<Pattern2x4>(), 0, 8));
        Assert.Throws<NMSparsePatternException>(() => new PackedMatrix(default, 8, 8));
    }

    [Theory]
    [InlineData(0, 1, 2)]
    [InlineData(0, 1, 2, 4)]
    [InlineData(0, 1, 2, -1)]
    [InlineData(0, 1, 1, 2)]
    public void WhatIsNoPermutationIsRefused(params int[] permutation)
    {
        PackedMatrix packed = new(NMPattern.Of<Pattern2x4>(), 3, 4);
        Assert.Throws<ArgumentException>(
            () => Packer.PackBackward<Pattern2x4>(new float[12], 4, 3, new NMMask(4, 3), permutation, packed));
    }

    private sealed class RoundTrip : IPatternAction
    {
        public void Run<TPattern>()
            where TPattern : struct, INMPattern
        {
            foreach (var (rows, columns) in ((int, int)[])[(1, 1), (3, 5), (16, 64), (17, 70), (33, 131), (200, 190)])
            {
                Check<TPattern>(new(rows, columns, false, false, rows + columns));
                Check<TPattern>(new(rows, columns, false, true, rows + columns));
                Check<TPattern>(new(rows, columns, true, false, rows + columns));
                Check<TPattern>(new(rows, columns, true, true, rows + columns));
            }
        }

        private static void Check<TPattern>(SparseCase<TPattern> matrix)
            where TPattern : struct, INMPattern
        {
            foreach (PackedForms forms in (PackedForms[])[PackedForms.Groups, PackedForms.Quads])
            {
                matrix.Pack(forms);
                Assert.Equal(forms, matrix.Packed.Forms);
                var dense = new float[matrix.Dense.Length];
                dense.AsSpan().Fill(float.NaN);
                matrix.Packed.Unpack(dense);
                Assert.True(matrix.Dense.AsSpan().SequenceEqual(dense), $"{matrix} {forms}");
            }
        }
    }
}
