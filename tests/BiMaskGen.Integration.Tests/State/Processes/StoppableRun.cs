using System.Security.Cryptography;
using System.Text;
using BiMaskGen.Checkpoints;
using BiMaskGen.Integration.Tests.Harness;
using BiMaskGen.Integration.Tests.Models;

namespace BiMaskGen.Integration.Tests.State;

/// <summary>A training with everything that goes on after a stop: weights, optimizer, rate schedule, generator and sparse state.</summary>
internal sealed class StoppableRun
{
    public const int TotalSteps = 100;
    private const string Sum = "sum";

    private readonly OneLayer _model;
    private readonly OptimizerHelper _optimizer;
    private readonly optim.lr_scheduler.LRScheduler _schedule;
    private double _rate;

    public StoppableRun(string method)
    {
        _model = OneLayer.Create(method);
        Sides.Model(_model).SetTotalSteps(TotalSteps);
        AdamW optimizer = optim.AdamW(_model.parameters(), 0.02);
        _optimizer = optimizer;
        _schedule = optim.lr_scheduler.LambdaLR(optimizer, step => 1 / (1 + (0.1 * step)));
        _rate = optimizer.ParamGroups.First().LearningRate;
        manual_seed(7);
    }

    /// <summary>Optimizer steps so far.</summary>
    public int Step { get; private set; }

    /// <summary>Goes on to a step; the losses.</summary>
    public float[] RunTo(int step) => [.. Enumerable.Range(Step, step - Step).Select(_ => OneStep())];

    /// <summary>Writes all of it.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="wrote">Called after each file.</param>
    public void Save(string folder, Action wrote)
    {
        File.WriteAllText(Path.Combine(folder, "step"), $"{Step}");
        wrote();
        _model.save(Path.Combine(folder, "weights"));
        wrote();
        _optimizer.save_state_dict(Path.Combine(folder, "optimizer"));
        wrote();
        using Tensor generator = get_rng_state();
        File.WriteAllBytes(Path.Combine(folder, "generator"), generator.bytes);
        wrote();
        Sides.Model(_model).SaveSparseState(Path.Combine(folder, "sparse"));
        wrote();
        File.WriteAllText(Path.Combine(folder, Sum), SumOf(folder));
        wrote();
    }

    /// <summary>Goes back to what was saved.</summary>
    public void Load(string folder)
    {
        Assert.Equal(File.ReadAllText(Path.Combine(folder, Sum)), SumOf(folder));
        _model.load(Path.Combine(folder, "weights"));
        Step = int.Parse(File.ReadAllText(Path.Combine(folder, "step")));
        for (int step = 0; step < Step; step++)
        {
            // A schedule saves nothing: it is taken to where it was, before the optimizer's own state comes.
            _schedule.step();
        }

        _optimizer.load_state_dict(Path.Combine(folder, "optimizer"));
        _rate = _optimizer.ParamGroups.First().LearningRate;
        using Tensor generator = tensor(File.ReadAllBytes(Path.Combine(folder, "generator")));
        set_rng_state(generator);
        Sides.Model(_model).LoadSparseState(Path.Combine(folder, "sparse"));
    }

    /// <summary>The newest checkpoint of a series, checked and loaded; a new run where there is none.</summary>
    public static StoppableRun Resumed(string method, CheckpointSeries series)
    {
        var run = new StoppableRun(method);
        if (series.Latest is { } latest)
        {
            run.Load(latest.Folder);
            Assert.Equal(latest.Step, run.Step);
        }

        return run;
    }

    /// <summary>The weights' bits.</summary>
    public float[] Weights() => [.. _model.parameters().SelectMany(p => Values.Of(p))];

    private float OneStep()
    {
        using var scope = NewDisposeScope();
        _optimizer.zero_grad();

        // Data and noise come from torch's generator: its state counts.
        Tensor x = randn(8, OneLayer.In), loss = mse_loss(_model.call(x), x.narrow(1, 0, OneLayer.Out));
        loss.backward();
        _optimizer.step();
        Sides.Model(_model).DecayPruned(_rate);
        _schedule.step();
        _rate = _optimizer.ParamGroups.First().LearningRate;
        Step++;
        return loss.item<float>();
    }

    private static string SumOf(string folder)
    {
        var text = new StringBuilder();
        foreach (string file in Directory.GetFiles(folder).Where(f => Path.GetFileName(f) != Sum).Order(StringComparer.Ordinal))
        {
            text.Append(Path.GetFileName(file)).Append(' ').AppendLine(Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))));
        }

        return text.ToString();
    }
}
