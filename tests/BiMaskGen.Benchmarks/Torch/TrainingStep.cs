using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace BiMaskGen.Benchmarks.Torch;

/// <summary>Whole steps of training: forward, backward and the optimizer, on fixed inputs.</summary>
internal sealed class TrainingStep : IDisposable
{
    private const int MostSteps = 500;

    private readonly Module<Tensor, Tensor> _model;
    private readonly Tensor _x, _target;
    private readonly SGD _optimizer;

    public TrainingStep(Module<Tensor, Tensor> model, params long[] shape)
    {
        _model = model;
        _x = randn(shape);
        _target = randn(shape);
        _optimizer = optim.SGD(model.parameters(), 1e-3);
    }

    public void Run()
    {
        using var scope = NewDisposeScope();
        _optimizer.zero_grad();
        (_model.call(_x) - _target).square().mean().backward();
        _optimizer.step();
    }

    /// <summary>Runs until every sparse layer has made its choice of kernels, y and dX; the trial is no part of a step's time.</summary>
    public void Settle()
    {
        for (int step = 0; step < MostSteps && _model is INMSparseModel model && !model.GetSparseLayers().All(l => l.Layer.GetReport().Kernels.Count >= 2); step++)
        {
            Run();
        }
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        _x.Dispose();
        _target.Dispose();
        _model.Dispose();
    }
}
