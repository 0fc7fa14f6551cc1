using System.Diagnostics;
using BiMaskGen;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace CharTransformer;

/// <summary>One model with its optimizer: the same loop for a dense and a sparse model.</summary>
internal sealed class Trainer
{
    private const double WeightDecay = 0.1, GradientNorm = 1;

    private readonly AdamW _optimizer;
    private readonly optim.lr_scheduler.LRScheduler _schedule;
    private double _seconds, _smooth;
    private long _tokens, _steps;

    /// <param name="name">What reports call the model.</param>
    /// <param name="model">The model.</param>
    /// <param name="learningRate">The highest learning rate.</param>
    /// <param name="steps">Optimizer steps of the run.</param>
    public Trainer(string name, CharModel model, double learningRate, int steps)
    {
        (Name, Model) = (name, model);
        _optimizer = optim.AdamW(model.parameters(), learningRate, beta2: 0.99, weight_decay: WeightDecay);
        int warmUp = Math.Max(1, steps / 20);
        _schedule = optim.lr_scheduler.LambdaLR(_optimizer, step => Rate(step, warmUp, steps));
        model.SetTotalSteps(steps);
    }

    public string Name { get; }

    public CharModel Model { get; }

    /// <summary>The training loss, averaged over the last twenty steps or so.</summary>
    public double TrainLoss => _smooth / (1 - Math.Pow(Smoothing, _steps));

    public double TokensPerSecond => _tokens / _seconds;

    public List<(double X, double Y)> TrainCurve { get; } = [];

    public List<(double X, double Y)> ValidationCurve { get; } = [];

    private static double Smoothing => 0.95;

    /// <summary>One optimizer step.</summary>
    public void Step(Batch batch)
    {
        long start = Stopwatch.GetTimestamp();
        _optimizer.zero_grad();
        Tensor loss = Loss(batch);
        loss.backward();
        nn.utils.clip_grad_norm_(Model.parameters(), GradientNorm);
        _optimizer.step();
        Model.DecayPruned(_optimizer.ParamGroups.First().LearningRate); // only layers with DecoupledDecay
        _schedule.step();
        _smooth = (Smoothing * _smooth) + ((1 - Smoothing) * loss.item<float>());
        _seconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
        _tokens += batch.Inputs.numel();
        _steps++;
        TrainCurve.Add((_steps, TrainLoss));
    }

    /// <summary>The mean loss over batches, in nats per character; a point of the validation curve.</summary>
    public double Validate(IReadOnlyList<Batch> batches)
    {
        Model.eval();
        using IDisposable noGrad = no_grad();
        double sum = 0, count = 0;
        foreach (Batch batch in batches)
        {
            using var scope = NewDisposeScope();
            sum += Loss(batch).item<float>() * batch.Inputs.numel();
            count += batch.Inputs.numel();
        }

        Model.train();
        ValidationCurve.Add((_steps, sum / count));
        return sum / count;
    }

    private Tensor Loss(Batch batch)
    {
        Tensor logits = Model.call(batch.Inputs);
        return cross_entropy(logits.reshape(-1, logits.shape[2]), batch.Targets.reshape(-1));
    }

    // Linear warm-up, then a cosine to zero.
    private static double Rate(int step, int warmUp, int steps) => step < warmUp
        ? (step + 1.0) / warmUp
        : 0.5 * (1 + Math.Cos(Math.PI * Math.Min(1, (double)(step - warmUp) / Math.Max(1, steps - warmUp))));
}
