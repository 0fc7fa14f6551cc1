namespace BiMaskGen.Benchmarks.Accuracy;

/// <summary>Something to learn, by every variant of a model.</summary>
internal interface IStudyTask
{
    /// <summary>The first column of the log.</summary>
    string Name { get; }

    /// <summary>The data by name and size.</summary>
    string Data { get; }

    /// <summary>What of the training differs between a full and a quick study.</summary>
    string Recipe { get; }

    /// <summary>The models.</summary>
    IReadOnlyList<Variant> Variants { get; }

    /// <summary>The seeds, unless others are asked for.</summary>
    IReadOnlyList<int> Seeds { get; }

    /// <summary>Trains a variant from scratch.</summary>
    TrainedRun Train(Variant variant, int seed);
}

/// <summary>How a training ended.</summary>
/// <param name="Model">The trained model.</param>
/// <param name="Curve">The score along the run and, last, at its end.</param>
/// <param name="TrainLoss">The training loss at the end.</param>
internal sealed record TrainedRun(TorchSharp.torch.nn.Module Model, IReadOnlyList<double> Curve, double TrainLoss) : IDisposable
{
    public void Dispose() => Model.Dispose();
}
