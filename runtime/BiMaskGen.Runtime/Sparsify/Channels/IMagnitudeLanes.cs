namespace BiMaskGen.Sparsify;

/// <summary>What the channel search needs of a register of 16-bit magnitudes, all at least 0. Written once over this, run at every width.</summary>
/// <typeparam name="TVec">One register; the same type holds 32-bit sums.</typeparam>
internal unsafe interface IMagnitudeLanes<TVec>
    where TVec : unmanaged
{
    /// <summary>Magnitudes in a register.</summary>
    static abstract int Count { get; }

    static abstract TVec Zero { get; }

    static abstract TVec Load(short* source);

    static abstract void Store(TVec value, short* destination);

    static abstract TVec Min(TVec a, TVec b);

    static abstract TVec Max(TVec a, TVec b);

    /// <summary>less where a &lt; b, other elsewhere.</summary>
    static abstract TVec SelectLess(TVec a, TVec b, TVec less, TVec other);

    /// <summary>Adds neighbours in pairs to 32-bit sums.</summary>
    static abstract TVec AddPairs(TVec sums, TVec magnitudes);

    /// <summary>The total of 32-bit sums.</summary>
    static abstract int Total(TVec sums);
}
