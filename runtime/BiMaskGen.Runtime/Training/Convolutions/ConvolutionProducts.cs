using BiMaskGen.Kernels;
using BiMaskGen.Kernels.Cpu;

namespace BiMaskGen.Training;

/// <summary>
/// One call of a convolution, as products of what its windows see (<see cref="Patches"/>) with its weight as a matrix
/// (<see cref="ConvolutionColumns"/>). The patches are not kept for backward: making them again costs less than holding kh·kw times the input.
/// </summary>
/// <param name="layer">The layer, made with <see cref="SparseLinear.Columns"/>.</param>
/// <param name="geometry">Sizes of the call.</param>
public sealed unsafe class ConvolutionProducts(SparseLinear layer, ConvolutionGeometry geometry)
    : LayerProducts(layer, (geometry ?? throw new ArgumentNullException(nameof(geometry))).Rows)
{
    private readonly ConvolutionColumns _columns =
        layer.Columns ?? throw new ArgumentException($"{layer.Name} was made as a Linear.", nameof(layer));

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
        MatrixView y = Rent(Scratch.Buffer.OutputRows, Layer.OutFeatures);
        MatrixView before = preActivation.Pointer == null ? default : Rent(Scratch.Buffer.PreActivationRows, Layer.OutFeatures);
        Layer.Forward(call, PatchesOf(input), bias, y, before);
        ToPlanes(y, output);
        if (preActivation.Pointer != null)
        {
            Check(preActivation, Output, "values before the activation");
            ToPlanes(before, preActivation);
        }
    }

    /// <inheritdoc/>
    public override void ForwardReleased(MatrixView input, MatrixView bias, MatrixView output, Activation activation)
    {
        Check(input, Input, "input");
        Check(output, Output, "output");
        MatrixView y = Rent(Scratch.Buffer.OutputRows, Layer.OutFeatures);
        Layer.ForwardReleased(PatchesOf(input), bias, y, activation);
        ToPlanes(y, output);
    }

    /// <inheritdoc/>
    public override void Backward(LinearCall call, MatrixView g, MatrixView input, MatrixView weight, MatrixView dx, MatrixView dw, MatrixView db)
    {
        Check(g, Output, "grad_output");
        MatrixView rows = Rent(Scratch.Buffer.OutputRows, Layer.OutFeatures);
        PlaneRows.ToRows(g.Pointer, geometry.Batch, Layer.OutFeatures, geometry.Positions, rows.Pointer, Layer.OutFeatures);
        if (dx.Pointer != null)
        {
            BackwardInput(call, rows, dx);
        }

        if (dw.Pointer != null)
        {
            BackwardWeight(call, rows, input, weight, dw);
        }

        if (db.Pointer != null)
        {
            Layer.BackwardBias(rows, db);
        }
    }

    private void BackwardInput(LinearCall call, MatrixView g, MatrixView dx)
    {
        Check(dx, Input, "grad_input");
        MatrixView patches = Rent(Scratch.Buffer.Patches, Layer.InFeatures);
        Layer.BackwardInput(call, g, patches);
        float* pixels = patches.Pointer;
        if (!geometry.IsPointwise(_columns))
        {
            pixels = RentPixels();
            Patches.Fold(patches.Pointer, geometry, _columns, pixels);
        }

        PlaneRows.ToPlanes(pixels, geometry.Batch, _columns.Channels, geometry.Pixels, dx.Pointer, _columns.PaddedChannels);
    }

    private void BackwardWeight(LinearCall call, MatrixView g, MatrixView input, MatrixView weight, MatrixView dw)
    {
        Check(input, Input, "input");
        Check(dw, (Layer.OutFeatures, WeightColumns), "grad_weight");
        MatrixView w = Matrix(weight);
        if (_columns.IsWeightOrder)
        {
            Layer.BackwardWeight(call, g, PatchesOf(input), w, dw);
            return;
        }

        MatrixView gradient = RentMatrix(Scratch.Buffer.ConvolutionWeightGradient);
        Layer.BackwardWeight(call, g, PatchesOf(input), w, gradient);
        _columns.FromMatrix(gradient, dw);
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

    private MatrixView PatchesOf(MatrixView input)
    {
        float* pixels = geometry.IsPointwise(_columns) ? Rent(Scratch.Buffer.Patches, Layer.InFeatures).Pointer : RentPixels();
        PlaneRows.ToRows(input.Pointer, geometry.Batch, _columns.Channels, geometry.Pixels, pixels, _columns.PaddedChannels);
        if (geometry.IsPointwise(_columns))
        {
            return new MatrixView((nint)pixels, Rows, Layer.InFeatures);
        }

        MatrixView patches = Rent(Scratch.Buffer.Patches, Layer.InFeatures);
        Patches.Unfold(pixels, geometry, _columns, patches.Pointer);
        return patches;
    }

    private void ToPlanes(MatrixView rows, MatrixView planes) =>
        PlaneRows.ToPlanes(rows.Pointer, geometry.Batch, Layer.OutFeatures, geometry.Positions, planes.Pointer, Layer.OutFeatures);

    private MatrixView Rent(Scratch.Buffer buffer, int columns) => new((nint)Scratch.Rent(buffer, (long)Rows * columns), Rows, columns);

    private MatrixView RentMatrix(Scratch.Buffer buffer) =>
        new((nint)Scratch.Rent(buffer, (long)Layer.OutFeatures * Layer.InFeatures), Layer.OutFeatures, Layer.InFeatures);

    private float* RentPixels() => Scratch.Rent(Scratch.Buffer.Pixels, (long)geometry.Batch * geometry.Pixels * _columns.PaddedChannels);

    private void Check(MatrixView view, (int Rows, int Columns) shape, string what)
    {
        if ((view.Rows, view.Columns) != shape)
        {
            throw new NMSparseShapeException(Layer.Name, $"{what} is [{view.Rows}, {view.Columns}] in memory, expected [{shape.Rows}, {shape.Columns}].");
        }
    }
}
