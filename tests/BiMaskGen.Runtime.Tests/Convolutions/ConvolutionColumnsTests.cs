using BiMaskGen.Patterns;
using BiMaskGen.Runtime.Tests.Support;
using BiMaskGen.Training;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Convolutions;

/// <summary>A convolution's weight as a matrix: the zeros that fill up a tap change nothing.</summary>
public sealed class ConvolutionColumnsTests
{
    public static TheoryData<SparseMethod, int, int> MethodsAndChannels
    {
        get
        {
            TheoryData<SparseMethod, int, int> data = [];
            foreach (SparseMethod method in Enum.GetValues<SparseMethod>())
            {
                foreach (int channels in (int[])[1, 2, 3, 4, 5, 7, 11])
                {
                    foreach (int step in method == SparseMethod.StructureDecay ? (int[])[0, 1, 2, 3] : [0])
                    {
                        data.Add(method, channels, step);
                    }
                }
            }

            return data;
        }
    }

    [Fact]
    public void Columns_are_the_taps_each_with_its_channels_and_zeros_up_to_whole_groups()
    {
        var columns = new ConvolutionColumns(Options(SparseMethod.BiMask), 3, 2, 1);
        float[] weight = Weights([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]), matrix = GC.AllocateArray<float>(16, pinned: true), back = Weights(new float[12]);
        matrix.AsSpan().Fill(float.NaN);

        columns.ToMatrix(Pinned.View(weight, 2, 6), Pinned.View(matrix, 2, 8));
        Assert.Equal([1, 3, 5, 0, 2, 4, 6, 0, 7, 9, 11, 0, 8, 10, 12, 0], matrix);
        columns.FromMatrix(Pinned.View(matrix, 2, 8), Pinned.View(back, 2, 6));

        Assert.Equal(weight, back);
        Assert.Equal((6, 8, 4), (columns.Weights, columns.Count, columns.PaddedChannels));
        Assert.Throws<ArgumentException>(() => columns.ToMatrix(Pinned.View(weight, 2, 6), Pinned.View(matrix, 2, 6)));
    }

    [Theory]
    [InlineData(ConvGrouping.Flattened, 3)]
    [InlineData(ConvGrouping.Channels, 1)]
    public void A_weight_in_its_own_order_has_no_zeros(ConvGrouping grouping, int kernel)
    {
        var columns = new ConvolutionColumns(Options(SparseMethod.BiMask) with { Grouping = grouping }, 3, kernel, kernel);

        Assert.True(columns.IsWeightOrder);
        Assert.Equal(columns.Weights, columns.Count);
    }

    [Theory]
    [MemberData(nameof(MethodsAndChannels))]
    public void A_tap_that_is_filled_up_keeps_what_a_shorter_group_keeps(SparseMethod method, int channels, int step)
    {
        const int outChannels = 10, taps = 6;
        SparseLayerOptions options = Options(method);
        var columns = new ConvolutionColumns(options, channels, 2, 3);
        var layer = new SparseLinear<Pattern2x4>(options, outChannels, columns) { Step = step };
        float[] weight = Pinned.Random(outChannels * channels * taps, 5), matrix = GC.AllocateArray<float>(outChannels * columns.Count, pinned: true);
        columns.ToMatrix(Pinned.View(weight, outChannels, channels * taps), Pinned.View(matrix, outChannels, columns.Count));
        (float[] forward, float[] backward) = Masks(layer, matrix);

        for (int tap = 0; tap < taps; tap++)
        {
            // The reference is a Linear of the tap's weights alone, whose rows end in a remainder.
            var alone = new SparseLinear<Pattern2x4>(options, outChannels, channels) { Step = step };
            (float[] forwardAlone, float[] backwardAlone) = Masks(alone, Tap(matrix, columns, outChannels, tap));

            // Continuous multiplies by one scale for the whole layer.
            if (method == SparseMethod.Continuous)
            {
                Assert.Equal(forwardAlone.Select(f => f != 0), Tap(forward, columns, outChannels, tap).Select(f => f != 0));
                continue;
            }

            Assert.Equal(forwardAlone, Tap(forward, columns, outChannels, tap));
            Assert.Equal(backwardAlone, Tap(backward, columns, outChannels, tap));
        }
    }

    [Theory]
    [InlineData(1, 1.0)]
    [InlineData(3, 2.0 / 3)]
    [InlineData(4, 0.5)]
    public void A_report_counts_no_zeros(int channels, double kept)
    {
        SparseLayerOptions options = Options(SparseMethod.BiMask);
        var columns = new ConvolutionColumns(options, channels, 3, 3);
        var layer = new SparseLinear<Pattern2x4>(options, 8, columns);
        float[] matrix = GC.AllocateArray<float>(8 * columns.Count, pinned: true);
        columns.ToMatrix(Pinned.View(Pinned.Random(8 * columns.Weights, 3), 8, columns.Weights), Pinned.View(matrix, 8, columns.Count));
        Masks(layer, matrix);

        LayerReport report = layer.GetReport();

        Assert.Equal(channels * 9, report.InFeatures);
        Assert.Equal(kept, report.KeptForward!.Value, 12);
        Assert.InRange(report.KeptBackward!.Value, 0.3, 1);
        layer.Release(Pinned.View(matrix, 8, columns.Count));
        Assert.Equal(kept, layer.GetReport().KeptForward!.Value, 12);
    }

    [Fact]
    public void A_layer_of_another_shape_than_its_source_says_is_refused()
    {
        SparseLayerOptions options = Options(SparseMethod.BiMask) with { InFeatures = 27, OutFeatures = 8 };

        Assert.Equal(36, new SparseLinear<Pattern2x4>(options, 8, new ConvolutionColumns(options, 3, 3, 3)).InFeatures);
        Assert.Throws<NMSparseShapeException>(() => new SparseLinear<Pattern2x4>(options, 8, new ConvolutionColumns(options, 4, 3, 3)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConvolutionColumns(options, 3, 0, 3));
    }

    private static SparseLayerOptions Options(SparseMethod method) => new()
    {
        Name = "Test.conv",
        Pattern = new(2, 4),
        Method = method,
        Search = PermutationSearch.Identity,
        TotalSteps = 4,
        StructureCurve = StructureCurve.Geometric,
        MaskRate = 0.25,
    };

    private static float[] Weights(float[] values)
    {
        float[] pinned = GC.AllocateArray<float>(values.Length, pinned: true);
        values.CopyTo(pinned, 0);
        return pinned;
    }

    private static (float[] Forward, float[] Backward) Masks(SparseLinear layer, float[] matrix)
    {
        float[] forward = GC.AllocateArray<float>(matrix.Length, pinned: true), backward = GC.AllocateArray<float>(matrix.Length, pinned: true);
        layer.WriteMasks(
            Pinned.View(matrix, layer.OutFeatures, layer.InFeatures), training: true, Pinned.View(forward, layer.OutFeatures, layer.InFeatures),
            Pinned.View(backward, layer.OutFeatures, layer.InFeatures));
        return (forward, backward);
    }

    private static float[] Tap(float[] matrix, ConvolutionColumns columns, int rows, int tap) => Weights([.. Enumerable.Range(0, rows)
        .SelectMany(row => matrix.AsSpan((row * columns.Count) + (tap * columns.PaddedChannels), columns.Channels).ToArray())]);
}
