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
}
