namespace BiMaskGen.Benchmarks;

/// <summary>What the command line of <c>compare</c> chose.</summary>
internal sealed record CompareSettings
{
    public string? Json { get; init; }

    public required int[] Threads { get; init; }

    public required string Only { get; init; }

    public bool Quick { get; init; }

    public bool List { get; init; }

    public string? RequireIsa { get; init; }
}
