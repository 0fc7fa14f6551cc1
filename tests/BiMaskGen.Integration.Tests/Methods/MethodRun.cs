using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Models;

namespace BiMaskGen.Integration.Tests.Methods;

/// <summary>A training run of one layer that can be stopped and gone on with.</summary>
internal sealed class MethodRun
{
    public const int TotalSteps = 40;
    private const double Rate = 0.05;

    public MethodRun(string method, int seed = 1)
    {
        Model = OneLayer.Create(method, seed);
        Optimizer = optim.SGD(Model.parameters(), Rate, momentum: 0.9);
        Sides.Model(Model).SetTotalSteps(TotalSteps);
    }

    public OneLayer Model { get; }

    public OptimizerHelper Optimizer { get; }

    public SparseLayer Side => Model.Side;

    /// <summary>Steps from one number up to another; the losses.</summary>
    public float[] Steps(int from, int to) => [.. Enumerable.Range(from, to - from).Select(Step)];

    /// <summary>One step; the loss.</summary>
    public float Step(int step)
    {
        float loss = Model.Backward(step);
        Optimizer.step();
        if (Side.Options.DecoupledDecay)
        {
            Sides.Model(Model).DecayPruned(Rate);
        }

        return loss;
    }

    public void Save(TempFolder folder)
    {
        Model.save(folder.File("weights"));
        Optimizer.save_state_dict(folder.File("optimizer"));
        Sides.Model(Model).SaveSparseState(folder.File("sparse"));
    }

    public void Load(TempFolder folder)
    {
        Model.load(folder.File("weights"));
        Optimizer.load_state_dict(folder.File("optimizer"));
        Sides.Model(Model).LoadSparseState(folder.File("sparse"));
    }
}
