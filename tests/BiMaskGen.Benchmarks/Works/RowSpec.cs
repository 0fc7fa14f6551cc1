using System.Globalization;

namespace BiMaskGen.Benchmarks.Works;

/// <summary>One row of the table.</summary>
/// <param name="Work">What is computed.</param>
/// <param name="Pattern">N:M, or the transpositions of a dense product.</param>
/// <param name="Rows">Batch rows.</param>
/// <param name="In">in_features; the contraction of a dense product.</param>
/// <param name="Out">out_features; the columns of a dense product.</param>
/// <param name="Threads">Threads, and CPUs that the process is pinned to.</param>
internal sealed record RowSpec(string Work, string Pattern, int Rows, int In, int Out, int Threads)
{
    /// <summary>What <c>--only</c> looks into and <c>--list</c> prints.</summary>
    internal string Label => string.Create(CultureInfo.InvariantCulture, $"{Work} {Pattern} {Rows}x{In}x{Out} t{Threads}");
}
