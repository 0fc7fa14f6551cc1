using BiMaskGen.Benchmarks.Contenders;
using BiMaskGen.Benchmarks.Machine;
using BiMaskGen.Dispatch;
using BiMaskGen.Kernels;
using BiMaskGen.Patterns;
using BiMaskGen.Training;

namespace BiMaskGen.Benchmarks.Dispatching;

/// <summary>Training steps of one layer: masks and operands of moved weights, y, dX, dW.</summary>
internal sealed class OneLayer : IDisposable
{
    private readonly SparseLinear _layer;
    private readonly Matrix _weight, _x, _y, _g, _dx, _dw;

    internal OneLayer(LayerShape shape)
    {
        NMPattern pattern = PatternLabel.Parse(shape.Pattern);
        var options = new SparseLayerOptions { Name = shape.ToString(), Pattern = pattern };
        _layer = PatternTypes.Dispatch<Maker, SparseLinear>(pattern, new Maker(options, shape));
        _weight = Matrix.Random(shape.Out, shape.In, 1);
        _x = Matrix.Random(shape.Rows, shape.In, 2);
        _g = Matrix.Random(shape.Rows, shape.Out, 3);
        _y = new Matrix(shape.Rows, shape.Out);
        _dx = new Matrix(shape.Rows, shape.In);
        _dw = new Matrix(shape.Out, shape.In);
    }

    /// <summary>The choices that the layer has made by now; undecided ones are left out.</summary>
    internal (KernelKind Forward, KernelKind Backward) Choices
    {
        get
        {
            LayerState state = _layer.ExportState();
            return (state.ForwardKernels.GetValueOrDefault(Bucket), state.BackwardKernels.GetValueOrDefault(Bucket));
        }
    }

    private int Bucket => KernelChooser.Bucket(_x.Rows);

    /// <summary>Fixes the kernels, as a state that was loaded does.</summary>
    internal void Pin(KernelKind forward, KernelKind backward)
    {
        LayerState state = _layer.ExportState();
        state.ForwardKernels[Bucket] = forward;
        state.BackwardKernels[Bucket] = backward;
        _layer.ImportState(state);
    }

    internal void Step()
    {
        _weight.Span[0] = -_weight.Span[0];
        LinearCall call = _layer.Begin(_weight.View, _x.Rows, training: true, wantsInputGradient: true, Activation.None);
        _layer.Forward(call, _x.View, default, _y.View, default);
        _layer.BackwardInput(call, _g.View, _dx.View);
        _layer.BackwardWeight(call, _g.View, _x.View, _weight.View, _dw.View);
        _layer.End(call);
    }

    public void Dispose()
    {
        foreach (Matrix matrix in (Matrix[])[_weight, _x, _y, _g, _dx, _dw])
        {
            matrix.Dispose();
        }
    }

    private readonly struct Maker(SparseLayerOptions options, LayerShape shape) : IPatternBody<SparseLinear>
    {
        public SparseLinear Run<TPattern>()
            where TPattern : struct, INMPattern => new SparseLinear<TPattern>(options, shape.Out, shape.In);
    }
}
