namespace DataParallel;

/// <summary>
/// What training asks of the processes that share it. This is the whole hook: NCCL, Gloo or a test can stand in for MPI. All ranks call the
/// same members in the same order.
/// </summary>
internal interface IRanks : IDisposable
{
    /// <summary>This process, 0 … Size − 1.</summary>
    int Rank { get; }

    /// <summary>The number of processes.</summary>
    int Size { get; }

    /// <summary>Replaces the values by their sum over all ranks, the same bits everywhere.</summary>
    void Sum(Span<float> values);

    /// <summary>Replaces the values by those of rank 0.</summary>
    void Broadcast(Span<float> values);

    /// <summary>Whether all ranks gave the same value.</summary>
    bool Agree(ulong value);

    /// <summary>Ends all ranks: the others may be waiting for this one.</summary>
    void Abort();
}
