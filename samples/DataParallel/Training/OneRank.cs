namespace DataParallel;

/// <summary>A process alone: nothing to exchange.</summary>
internal sealed class OneRank : IRanks
{
    /// <inheritdoc/>
    public int Rank => 0;

    /// <inheritdoc/>
    public int Size => 1;

    /// <inheritdoc/>
    public void Sum(Span<float> values)
    {
    }

    /// <inheritdoc/>
    public void Broadcast(Span<float> values)
    {
    }

    /// <inheritdoc/>
    public bool Agree(ulong value) => true;

    /// <inheritdoc/>
    public void Abort()
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
