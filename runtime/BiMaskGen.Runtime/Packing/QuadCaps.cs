using BiMaskGen.Kernels.Cpu;

namespace BiMaskGen.Packing;

/// <summary>
/// The longest that lists of a <see cref="QuadStream"/> get. A list ends in a branch that is mispredicted whenever its length is not the
/// one of the tile before. On Intel's cores, which do two multiply-adds of 512 bits a cycle, that costs as much as a dozen loads; there
/// lists stop at a length that most tiles reach, and what lies beyond joins the list of single entries. Elsewhere every shared load pays.
/// Measured in docs/kernels.md.
/// </summary>
internal readonly struct QuadCaps
{
    /// <param name="density">Share of the entries that are kept.</param>
    internal QuadCaps(double density)
    {
        const int block = QuadStream.Block;
        double kept = density, pruned = 1 - density;
        Four = Reached(block * kept * kept * kept * kept);
        Three = Reached(block * Math.Min(kept * kept * kept * pruned, kept * pruned * pruned * pruned));
        Two = Reached(block * kept * kept * pruned * pruned);
        Padding = Math.Max(1, (int)(block * density / 8));
    }

    /// <summary>Positions that four rows share.</summary>
    internal int Four { get; }

    /// <summary>Positions that three rows share.</summary>
    internal int Three { get; }

    /// <summary>Positions that two rows share.</summary>
    internal int Two { get; }

    /// <summary>How many zeros a row may get to be as long as the others.</summary>
    internal int Padding { get; }

    /// <summary>On Intel what about three of four tiles reach, if the mean is this and rows are independent.</summary>
    private static int Reached(double mean) =>
        CpuVendor.IsIntel ? Math.Max(0, (int)(mean - (0.7 * Math.Sqrt(mean)))) : QuadStream.Block;
}
