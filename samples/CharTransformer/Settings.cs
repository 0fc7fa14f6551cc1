namespace CharTransformer;

/// <summary>What the command line chose.</summary>
internal sealed record Settings
{
    public FileInfo? Text { get; init; }

    public required string Pattern { get; init; }

    public required int Steps { get; init; }

    public required int Batch { get; init; }

    public required int Context { get; init; }

    public required int DModel { get; init; }

    public required int Heads { get; init; }

    public required int Blocks { get; init; }

    public required double LearningRate { get; init; }

    public required int Seed { get; init; }

    public bool Compare { get; init; }

    public int Sample { get; init; }

    public required string Out { get; init; }

    public string? Save { get; init; }

    /// <summary>Refuses what no single option can see.</summary>
    /// <exception cref="InvalidDataException">Two options contradict each other, or the learning rate is none.</exception>
    public void Check()
    {
        if (DModel % Heads != 0)
        {
            throw new InvalidDataException($"--d-model {DModel} is not a multiple of --heads {Heads}.");
        }

        if (!(LearningRate > 0))
        {
            throw new InvalidDataException($"--lr {LearningRate} must be above 0.");
        }

        if (Compare && Pattern == CharTransformer.Blocks.Dense)
        {
            throw new InvalidDataException("--compare needs a sparse --pattern to compare with dense.");
        }
    }
}
