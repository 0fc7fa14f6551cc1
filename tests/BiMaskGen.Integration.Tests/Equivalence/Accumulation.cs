namespace BiMaskGen.Integration.Tests.Equivalence;

/// <summary>How the batches of one optimizer step are run.</summary>
public enum Accumulation
{
    /// <summary>One batch.</summary>
    None,

    /// <summary>Forward, backward, forward, backward.</summary>
    Interleaved,

    /// <summary>Forward, forward, backward, backward.</summary>
    Together,
}
