using BiMaskGen.Kernels;
using BiMaskGen.Kernels.Cpu;
using BiMaskGen.Patterns;
using BiMaskGen.Runtime.Tests.Kernels;
using BiMaskGen.Runtime.Tests.Support;
using BiMaskGen.Training;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Convolutions;

/// <summary>A call of a convolution on its tensors' memory against sums with the masked weights, written out.</summary>
[Collection(KernelSettings.Name)]
public sealed class ConvolutionProductsTests : IDisposable
{
    private readonly KernelMode _before = KernelPolicy.Mode;

    public void Dispose() => KernelPolicy.Mode = _before;

    [Theory]
    [InlineData(ConvGrouping.Channels, KernelMode.Sparse, 1)]
    [InlineData(ConvGrouping.Channels, KernelMode.Sparse, 3)]
    [InlineData(ConvGrouping.Channels, KernelMode.Dense, 2)]
    [InlineData(ConvGrouping.Flattened, KernelMode.Sparse, 2)]
    [InlineData(ConvGrouping.Flattened, KernelMode.Dense, 1)]
    public void Output_and_gradients_are_those_of_the_masked_convolution(ConvGrouping grouping, KernelMode mode, int threads)
    {
        KernelPolicy.Mode = mode;
        KernelSettings.With(VectorWidth.MaxBits, threads, () =>
        {
            foreach (ConvolutionCase sizes in ConvolutionCase.All)
            {
                Check<Pattern2x4>(sizes, grouping);
                Check<Pattern1x4>(sizes, grouping, partImages: 1);
                Check<Pattern2x8>(sizes, grouping, partImages: 2);
            }
        });
    }

    [Fact]
    public void Nothing_is_allocated_once_the_buffers_are_there()
    {
        var sizes = new ConvolutionCase(4, 8, 16, 9, 8, 3, 3) { Top = 1, Left = 1 };
        var call = new Call<Pattern2x4>(sizes, ConvGrouping.Channels);

        Assert.Equal(0, KernelSettings.BytesAllocatedBy(2, call.Run));
    }

    [Fact]
    public void Views_of_other_sizes_are_refused()
    {
        var sizes = new ConvolutionCase(2, 4, 8, 5, 5, 3, 3);
        var call = new Call<Pattern2x4>(sizes, ConvGrouping.Channels);
        MatrixView wrong = Pinned.View(call.X, 1, sizes.InputSize);

        Assert.Throws<NMSparseShapeException>(() => call.Products.Forward(call.Begun, wrong, default, call.Output, default));
        Assert.Throws<NMSparseShapeException>(() => call.Products.Begin(wrong, true, true, Activation.None));
        Assert.Throws<ArgumentException>(() => new ConvolutionProducts(
            new SparseLinear<Pattern2x4>(new SparseLayerOptions { Name = "t", Pattern = new(2, 4) }, 8, 36), sizes.Geometry));
    }

    [Fact]
    public void ASampleOfTheGradient_IsDrawnFromTheWholeBatch()
    {
        // One kernel for all, so that they agree to the bit.
        KernelPolicy.Mode = KernelMode.Sparse;
        var sizes = new ConvolutionCase(6, 8, 16, 5, 5, 3, 3) { Top = 1, Left = 1 };
        Call<Pattern2x4> whole = new(sizes, ConvGrouping.Channels, mvue: true), parts = new(sizes, ConvGrouping.Channels, partImages: 2, mvue: true);
        Call<Pattern2x4> plain = new(sizes, ConvGrouping.Channels);
        whole.Run();
        parts.Run();
        plain.Run();

        Assert.Equal(whole.Dw, parts.Dw);
        Assert.NotEqual(whole.Dw, plain.Dw);
        Assert.Equal(plain.Dx, whole.Dx);
        Assert.Equal(plain.Db, whole.Db);
    }

    [Fact]
    public void PartsAreAFewImages_OfAboutAMegabyteOfPatches()
    {
        Assert.Equal(113, PartsOf(new(1000, 16, 16, 4, 4, 3, 3) { Top = 1, Left = 1 }));
        Assert.Equal(1, PartsOf(new(8, 64, 16, 56, 56, 3, 3) { Top = 1, Left = 1 }));
        Assert.Equal(256, PartsOf(new(1000, 512, 16, 3, 3, 3, 3)));

        static int PartsOf(ConvolutionCase sizes) => new Call<Pattern2x4>(sizes with { Batch = 1 }, ConvGrouping.Channels).Products.PartImages;
    }

    private static void Check<TPattern>(ConvolutionCase sizes, ConvGrouping grouping, int? partImages = null)
        where TPattern : struct, INMPattern
    {
        string what = $"{sizes} {grouping} {NMPattern.Of<TPattern>()}";
        var call = new Call<TPattern>(sizes, grouping, partImages);
        call.Run();
        (float[] forward, float[] backward) = call.Masks();
        double[] y = new double[sizes.OutputSize], dx = new double[sizes.InputSize], dw = new double[sizes.WeightSize], db = new double[sizes.Out];
        for (int i = 0; i < y.Length; i++)
        {
            int channel = i / sizes.Geometry.Positions % sizes.Out;
            y[i] = call.Bias[channel];
            db[channel] += call.G[i];
        }

        sizes.ForEach((x, w, o) =>
        {
            y[o] += call.X[x] * call.Weight[w] * forward[w];
            dx[x] += call.G[o] * call.Weight[w] * backward[w];
            dw[w] += call.G[o] * call.X[x];
        });
        for (int i = 0; i < dw.Length; i++)
        {
            dw[i] += 2e-4 * (1 - forward[i]) * call.Weight[i];
        }

        int terms = sizes.Geometry.Rows + (sizes.Channels * sizes.Taps) + (sizes.Out * sizes.Taps);
        AssertClose(y, call.Y, terms, what + " y");
        AssertClose(dx, call.Dx, terms, what + " dX");
        AssertClose(dw, call.Dw, terms, what + " dW");
        AssertClose(db, call.Db, terms, what + " db");

        // The compact form, which groups of several lengths go into as well.
        float[] released = Pinned.Random(y.Length, 9);
        call.Release();
        call.Products.ForwardReleased(call.Input, Pinned.View(call.Bias, 1, sizes.Out), Pinned.View(released, sizes.Batch, y.Length / sizes.Batch), Activation.None);
        AssertClose(y, released, terms, what + " released y");
    }

    private static void AssertClose(double[] expected, float[] actual, int terms, string what)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            Data.AssertClose(expected[i], actual[i], terms, $"{what}[{i}]");
        }
    }

    private sealed class Call<TPattern>
        where TPattern : struct, INMPattern
    {
        private readonly ConvolutionCase _sizes;
        private readonly SparseLinear<TPattern> _layer;
        private readonly float[] _matrix;

        public Call(ConvolutionCase sizes, ConvGrouping grouping, int? partImages = null, bool mvue = false)
        {
            _sizes = sizes;
            var options = new SparseLayerOptions { Name = "Test.conv", Pattern = NMPattern.Of<TPattern>(), Grouping = grouping, Decay = 2e-4, Mvue = mvue };
            var columns = new ConvolutionColumns(options, sizes.Channels, sizes.KernelHeight, sizes.KernelWidth);
            _layer = new SparseLinear<TPattern>(options, sizes.Out, columns);
            Products = partImages is { } images
                ? new ConvolutionProducts(_layer, sizes.Geometry) { PartImages = images }
                : new ConvolutionProducts(_layer, sizes.Geometry);
            X = Pinned.Random(sizes.InputSize, 1);
            Weight = Pinned.Random(sizes.WeightSize, 2);
            Bias = Pinned.Random(sizes.Out, 3);
            G = Pinned.Random(sizes.OutputSize, 4);
            Y = Pinned.Random(sizes.OutputSize, 5);
            Dx = Pinned.Random(sizes.InputSize, 6);
            Dw = Pinned.Random(sizes.WeightSize, 7);
            Db = Pinned.Random(sizes.Out, 8);
            _matrix = GC.AllocateArray<float>(sizes.Out * columns.Count, pinned: true);
            columns.ToMatrix(WeightView, MatrixView);

            // Once without being looked at: the decay enters with the first backward of a state of the weights.
            Begun = Products.Begin(WeightView, training: true, wantsInputGradient: true, Activation.None);
        }

        public ConvolutionProducts Products { get; }

        public LinearCall Begun { get; }

        public float[] X { get; }

        public float[] Weight { get; }

        public float[] Bias { get; }

        public float[] G { get; }

        public float[] Y { get; }

        public float[] Dx { get; }

        public float[] Dw { get; }

        public float[] Db { get; }

        public MatrixView Input => Pinned.View(X, _sizes.Batch, X.Length / _sizes.Batch);

        public MatrixView Output => Pinned.View(Y, _sizes.Batch, Y.Length / _sizes.Batch);

        private MatrixView WeightView => Pinned.View(Weight, _sizes.Out, _sizes.Channels * _sizes.Taps);

        private MatrixView MatrixView => Pinned.View(_matrix, _sizes.Out, _layer.InFeatures);

        public void Run()
        {
            Products.Forward(Begun, Input, Pinned.View(Bias, 1, _sizes.Out), Output, default);
            Products.Backward(
                Begun, Pinned.View(G, _sizes.Batch, G.Length / _sizes.Batch), Input, WeightView, Pinned.View(Dx, _sizes.Batch, Dx.Length / _sizes.Batch),
                Pinned.View(Dw, _sizes.Out, _sizes.Channels * _sizes.Taps), Pinned.View(Db, 1, _sizes.Out));
        }

        public void Release() => _layer.Release(MatrixView);

        /// <summary>Mf and Mb in the order of the weight, from the definition.</summary>
        public (float[] Forward, float[] Backward) Masks()
        {
            (int n, int m, int rows, int columns) = (TPattern.N, TPattern.M, _sizes.Out, _sizes.Channels * _sizes.Taps);
            bool[] forward = new bool[Weight.Length];
            bool flattened = Products.Layer.Columns!.Grouping == ConvGrouping.Flattened;
            int taps = flattened ? 1 : _sizes.Taps, length = columns / taps;
            for (int tap = 0; tap < taps; tap++)
            {
                int[] places = [.. Enumerable.Range(0, rows * length).Select(i => (((i / length) * length) + (i % length)) * taps + tap)];
                bool[] kept = MaskReference.Forward(n, m, [.. places.Select(p => Weight[p])], rows, length);
                for (int i = 0; i < places.Length; i++)
                {
                    forward[places[i]] = kept[i];
                }
            }

            bool[] backward = MaskReference.Backward(n, m, Weight, rows, columns, forward, _layer.Permutation!);
            return ([.. forward.Select(k => k ? 1f : 0)], [.. backward.Select(k => k ? 1f : 0)]);
        }
    }
}
