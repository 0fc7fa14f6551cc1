using System.Diagnostics;
using BiMaskGen.Kernels;
using BiMaskGen.Kernels.Cpu;

namespace BiMaskGen.Training;

/// <summary>
/// One call of a convolution, as products of what its windows see (<see cref="Patches"/>) with its weight as a matrix
/// (<see cref="ConvolutionColumns"/>). The batch is cut into parts of a few images, so that patches go from their making into the product while they lie in a
/// cache, and buffers stay small. The patches are not kept for backward: making them again costs less than holding kh·kw times the input.
/// </summary>
/// <param name="layer">The layer, made with <see cref="SparseLinear.Columns"/>.</param>
/// <param name="geometry">Sizes of the call.</param>
public sealed unsafe class ConvolutionProducts(SparseLinear layer, ConvolutionGeometry geometry)
    : LayerProducts(layer, (geometry ?? throw new ArgumentNullException(nameof(geometry))).Rows)
{
    // A megabyte of patches, but rows enough to make a product worth its start.
    private const int PartEntries = 1 << 18, PartRows = 256;

    private readonly ConvolutionColumns _columns =
        layer.Columns ?? throw new ArgumentException($"{layer.Name} was made as a Linear.", nameof(layer));

    /// <summary>Images in a part.</summary>
    internal int PartImages { get; init; } = Math.Max(
        1, Math.Max(PartEntries / Math.Max(1, layer.InFeatures), PartRows) / Math.Max(1, geometry.Positions));

    /// <inheritdoc/>
    public override (int Rows, int Columns) Input => (geometry.Batch, checked(_columns.Channels * geometry.Pixels));

    /// <inheritdoc/>
    public override (int Rows, int Columns) Output => (geometry.Batch, checked(Layer.OutFeatures * geometry.Positions));

    /// <inheritdoc/>
    public override int WeightColumns => _columns.Weights;

    /// <inheritdoc/>
    public override LinearCall Begin(MatrixView weight, bool training, bool wantsInputGradient, Activation activation) =>
        Layer.Begin(Matrix(weight), Rows, training, wantsInputGradient, activation);

    /// <inheritdoc/>
    public override void Forward(LinearCall call, MatrixView input, MatrixView bias, MatrixView output, MatrixView preActivation)
    {
        Check(input, Input, "input");
        Check(output, Output, "output");
        long start = Stopwatch.GetTimestamp();
        for (int first = 0; first < geometry.Batch; first += PartImages)
        {
            int images = Math.Min(PartImages, geometry.Batch - first);
            MatrixView y = Rent(Scratch.Buffer.OutputRows, images, Layer.OutFeatures);
            MatrixView before = preActivation.Pointer == null ? default : Rent(Scratch.Buffer.PreActivationRows, images, Layer.OutFeatures);
            Layer.ForwardPart(call, PatchesOf(input, first, images), bias, y, before);
            ToPlanes(y, output, first, images);
            if (preActivation.Pointer != null)
            {
                ToPlanes(before, preActivation, first, images);
            }
        }

        if (Rows > 0)
        {
            Layer.EndForward(call, Stopwatch.GetTimestamp() - start);
        }
    }

    /// <inheritdoc/>
    public override void ForwardReleased(MatrixView input, MatrixView bias, MatrixView output, Activation activation)
    {
        Check(input, Input, "input");
        Check(output, Output, "output");
        for (int first = 0; first < geometry.Batch; first += PartImages)
        {
            int images = Math.Min(PartImages, geometry.Batch - first);
            MatrixView y = Rent(Scratch.Buffer.OutputRows, images, Layer.OutFeatures);
            Layer.ForwardReleasedPart(PatchesOf(input, first, images), bias, y, activation);
            ToPlanes(y, output, first, images);
        }

        if (Rows > 0)
        {
            Layer.EndForwardReleased();
        }
    }

    /// <inheritdoc/>
    public override void Backward(LinearCall call, MatrixView g, MatrixView input, MatrixView weight, MatrixView dx, MatrixView dw, MatrixView db)
    {
        Check(g, Output, "grad_output");
        MatrixView matrix = dw.Pointer == null ? default : Matrix(weight), gradient = dw;
        if (dw.Pointer != null && !_columns.IsWeightOrder)
        {
            gradient = RentMatrix(Scratch.Buffer.ConvolutionWeightGradient);
        }

        // A sample of the gradient is drawn from the whole batch.
        int step = Layer.Options.Mvue ? Math.Max(1, geometry.Batch) : PartImages;
        long inputTicks = 0;
        for (int first = 0; first < Math.Max(1, geometry.Batch); first += step)
        {
            int images = Math.Min(step, geometry.Batch - first);
            MatrixView rows = Rent(Scratch.Buffer.OutputRows, images, Layer.OutFeatures);
            PlaneRows.ToRows(g.Pointer + ((nint)first * g.Columns), images, Layer.OutFeatures, geometry.Positions, rows.Pointer, Layer.OutFeatures);
            if (dx.Pointer != null)
            {
                long start = Stopwatch.GetTimestamp();
                BackwardInput(call, rows, dx, first, images);
                inputTicks += Stopwatch.GetTimestamp() - start;
            }

            if (dw.Pointer != null)
            {
                Layer.BackwardWeightPart(call, rows, PatchesOf(input, first, images), gradient, first == 0);
            }
        }

        if (dx.Pointer != null)
        {
            Layer.EndBackwardInput(call, inputTicks);
        }

        if (dw.Pointer != null)
        {
            Layer.EndBackwardWeight(call, matrix, gradient);
            if (!_columns.IsWeightOrder)
            {
                _columns.FromMatrix(gradient, dw);
            }
        }

        if (db.Pointer != null)
        {
            PlaneSums.Compute(g.Pointer, geometry.Batch, Layer.OutFeatures, geometry.Positions, db.Pointer);
        }
    }

    private void BackwardInput(LinearCall call, MatrixView g, MatrixView dx, int first, int images)
    {
        MatrixView patches = Rent(Scratch.Buffer.Patches, images, Layer.InFeatures);
        Layer.BackwardInputPart(call, g, patches);
        float* pixels = patches.Pointer;
        if (!geometry.IsPointwise(_columns))
        {
            pixels = RentPixels(images);
            Patches.Fold(patches.Pointer, images, geometry, _columns, pixels);
        }

        float* planes = dx.Pointer + ((nint)first * dx.Columns);
        PlaneRows.ToPlanes(pixels, images, _columns.Channels, geometry.Pixels, planes, _columns.PaddedChannels);
    }

    /// <summary>The weight as a matrix; this thread's until the next call.</summary>
    private MatrixView Matrix(MatrixView weight)
    {
        Check(weight, (Layer.OutFeatures, WeightColumns), "weight");
        if (_columns.IsWeightOrder)
        {
            return weight;
        }

        MatrixView matrix = RentMatrix(Scratch.Buffer.ConvolutionWeight);
        _columns.ToMatrix(weight, matrix);
        return matrix;
    }

    private MatrixView PatchesOf(MatrixView input, int first, int images)
    {
        bool pointwise = geometry.IsPointwise(_columns);
        MatrixView patches = Rent(Scratch.Buffer.Patches, images, Layer.InFeatures);
        float* pixels = pointwise ? patches.Pointer : RentPixels(images);
        float* planes = input.Pointer + ((nint)first * input.Columns);
        PlaneRows.ToRows(planes, images, _columns.Channels, geometry.Pixels, pixels, _columns.PaddedChannels);
        if (!pointwise)
        {
            Patches.Unfold(pixels, images, geometry, _columns, patches.Pointer);
        }

        return patches;
    }

    private void ToPlanes(MatrixView rows, MatrixView output, int first, int images) => PlaneRows.ToPlanes(
        rows.Pointer, images, Layer.OutFeatures, geometry.Positions, output.Pointer + ((nint)first * output.Columns), Layer.OutFeatures);

    private MatrixView Rent(Scratch.Buffer buffer, int images, int columns)
    {
        int rows = checked(images * geometry.Positions);
        return new MatrixView((nint)Scratch.Rent(buffer, (long)rows * columns), rows, columns);
    }

    private MatrixView RentMatrix(Scratch.Buffer buffer) =>
        new((nint)Scratch.Rent(buffer, (long)Layer.OutFeatures * Layer.InFeatures), Layer.OutFeatures, Layer.InFeatures);

    private float* RentPixels(int images) => Scratch.Rent(Scratch.Buffer.Pixels, (long)images * geometry.Pixels * _columns.PaddedChannels);

    private void Check(MatrixView view, (int Rows, int Columns) shape, string what)
    {
        if ((view.Rows, view.Columns) != shape)
        {
            throw new NMSparseShapeException(Layer.Name, $"{what} is [{view.Rows}, {view.Columns}] in memory, expected [{shape.Rows}, {shape.Columns}].");
        }
    }
}
