using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Models;

namespace BiMaskGen.Integration.Tests.State;

/// <summary>A training run that can be stopped: model, optimizer and the batches of each step.</summary>
internal sealed class TrainingRun
{
    public Mlp Model { get; } = Mlp.Create(11);

    public OptimizerHelper Optimizer { get; }

    public TrainingRun() => Optimizer = optim.SGD(Model.parameters(), 0.05, momentum: 0.9, weight_decay: 1e-3);

    /// <summary>Runs one step, its batch a function of the step alone; the loss's bits.</summary>
    public float Step(int step)
    {
        using var scope = NewDisposeScope();
        var samples = new Samples(1000 + step);
        Optimizer.zero_grad();
        Tensor loss = mse_loss(Model.call(samples.Tensor(8, 50)), samples.Tensor(8, 10));
        loss.backward();
        Optimizer.step();
        return loss.item<float>();
    }

    public void Save(TempFolder folder)
    {
        Model.save(folder.File("weights"));
        Optimizer.save_state_dict(folder.File("optimizer"));
        Model.SaveSparseState(folder.File("sparse"));
    }

    public void Load(TempFolder folder)
    {
        Model.load(folder.File("weights"));
        Optimizer.load_state_dict(folder.File("optimizer"));
        Model.LoadSparseState(folder.File("sparse"));
    }
}
