namespace BiMaskGen.Kernels.Cpu;

/// <summary>The sample of one group of entries: how many are kept of how many, and which.</summary>
internal interface ISampledGroup
{
    /// <summary>Entries kept at most.</summary>
    static abstract int Kept { get; }

    /// <summary>Entries of a group, at most 4.</summary>
    static abstract int Size { get; }

    /// <summary>Samples one group per lane.</summary>
    /// <param name="group">The entries; those that are not drawn become zero, the others so large that their mean is the entry.</param>
    /// <param name="first">A number in [0, 1) for the first draw.</param>
    /// <param name="second">A number in [0, 1) for the second draw, if there is one.</param>
    static abstract void Sample<TLanes, TVec>(ref GroupOf<TVec> group, TVec first, TVec second)
        where TLanes : struct, ILanes<TVec>
        where TVec : unmanaged;
}

/// <summary>Up to four entries in each lane.</summary>
internal struct GroupOf<TVec>(TVec a, TVec b, TVec c, TVec d)
    where TVec : unmanaged
{
    public TVec A = a;
    public TVec B = b;
    public TVec C = c;
    public TVec D = d;
}
