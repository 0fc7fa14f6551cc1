using BiMaskGen.Kernels.Cpu;
using BiMaskGen.Runtime.Tests.Kernels;
using BiMaskGen.Runtime.Tests.Support;
using BiMaskGen.Training;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Convolutions;

[Collection(KernelSettings.Name)]
public sealed unsafe class PatchesTests
{
    public static TheoryData<int, int> WidthsAndThreads
    {
        get
        {
            TheoryData<int, int> data = [];
            foreach (int bits in KernelSettings.Widths)
            {
                data.Add(bits, 1);
                data.Add(bits, 3);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(WidthsAndThreads))]
    public void Patches_hold_what_windows_see_and_give_it_back(int bits, int threads) => KernelSettings.With(bits, threads, () =>
    {
        foreach (ConvolutionCase sizes in ConvolutionCase.All)
        {
            Check(sizes, ConvGrouping.Channels);
            Check(sizes, ConvGrouping.Flattened);
        }
    });

    [Theory]
    [MemberData(nameof(WidthsAndThreads))]
    public void Planes_and_rows_are_transposed_image_by_image(int bits, int threads) => KernelSettings.With(bits, threads, () =>
    {
        foreach ((int batch, int channels, int pixels, int stride) in ((int, int, int, int)[])[(0, 3, 4, 3), (2, 3, 5, 4), (3, 16, 64, 16), (2, 21, 130, 24)])
        {
            float[] planes = Pinned.Random(batch * channels * pixels, 1), rows = Pinned.Random(batch * pixels * stride, 2);
            float[] back = Pinned.Random(planes.Length, 3);
            fixed (float* p = planes, r = rows, b = back)
            {
                PlaneRows.ToRows(p, batch, channels, pixels, r, stride);
                PlaneRows.ToPlanes(r, batch, channels, pixels, b, stride);
            }

            for (int i = 0; i < rows.Length; i++)
            {
                (int pixel, int channel) = (i / stride, i % stride);
                float expected = channel < channels ? planes[(((pixel / pixels * channels) + channel) * pixels) + (pixel % pixels)] : 0;
                Assert.Equal(expected, rows[i]);
            }

            Assert.Equal(planes, back);
        }
    });

    private static void Check(ConvolutionCase sizes, ConvGrouping grouping)
    {
        ConvolutionGeometry geometry = sizes.Geometry;
        var columns = new ConvolutionColumns(new SparseLayerOptions { Name = "t", Pattern = new(2, 4), Grouping = grouping }, sizes.Channels, sizes.KernelHeight, sizes.KernelWidth);
        int padded = columns.PaddedChannels, images = sizes.Batch * geometry.Pixels;
        float[] pixels = Pinned.Random(images * padded, 1), patches = Pinned.Random(geometry.Rows * columns.Count, 2), folded = Pinned.Random(pixels.Length, 3);
        float[] expected = new float[patches.Length];
        double[] sums = new double[pixels.Length];
        float[] given = Pinned.Random(patches.Length, 4);

        // Of every output channel the products are the same: the first one's name all pairs of pixel and patch entry.
        (sizes with { Out = 1 }).ForEach((x, w, y) =>
        {
            int image = x / (sizes.Channels * geometry.Pixels), channel = x / geometry.Pixels % sizes.Channels, pixel = x % geometry.Pixels;
            int from = (((image * geometry.Pixels) + pixel) * padded) + channel;
            int to = (y * columns.Count) + (columns.IsWeightOrder ? w : (w % columns.Taps * padded) + (w / columns.Taps));
            expected[to] = pixels[from];
            sums[from] += given[to];
        });

        fixed (float* x = pixels, p = patches, g = given, f = folded)
        {
            for (int i = 0; i < pixels.Length; i++)
            {
                pixels[i] = i % padded < sizes.Channels ? pixels[i] : 0;
            }

            Patches.Unfold(x, sizes.Batch, geometry, columns, p);
            Assert.Equal(expected, patches);
            Patches.Fold(g, sizes.Batch, geometry, columns, f);
        }

        for (int i = 0; i < folded.Length; i++)
        {
            if (i % padded < sizes.Channels)
            {
                Data.AssertClose(sums[i], folded[i], columns.Taps, $"{sizes} {grouping} pixel {i}");
            }
        }
    }
}
