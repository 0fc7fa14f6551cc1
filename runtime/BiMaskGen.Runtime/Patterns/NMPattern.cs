using System.Globalization;

namespace BiMaskGen;

/// <summary>
/// An N:M sparsity pattern: of every <see cref="M"/> consecutive weights along an axis at most <see cref="N"/> are kept.
/// The last run of an axis that is not a multiple of M has r &lt; M members and keeps <c>min(N, r)</c> of them.
/// </summary>
public readonly record struct NMPattern
{
    /// <summary>The largest M that packs: an index inside a group then fits five bits.</summary>
    public const int MaxM = 32;

    /// <summary>Makes a pattern.</summary>
    /// <param name="n">Weights kept in a group, 1 ≤ n &lt; m.</param>
    /// <param name="m">Weights in a group, m ≤ 32.</param>
    /// <exception cref="NMSparsePatternException">The numbers are no valid pattern.</exception>
    public NMPattern(int n, int m)
    {
        if (!IsValid(n, m))
        {
            throw new NMSparsePatternException(n, m);
        }

        N = n;
        M = m;
    }

    /// <summary>Weights kept in a group.</summary>
    public int N { get; }

    /// <summary>Weights in a group.</summary>
    public int M { get; }

    /// <summary>Whether 1 ≤ n &lt; m ≤ 32.</summary>
    /// <param name="n">Weights kept in a group.</param>
    /// <param name="m">Weights in a group.</param>
    public static bool IsValid(int n, int m) => n >= 1 && n < m && m <= MaxM;

    /// <summary>The pattern that a type stands for.</summary>
    /// <typeparam name="TPattern">A pattern known at compile time.</typeparam>
    /// <exception cref="NMSparsePatternException">The type's numbers are no valid pattern.</exception>
    public static NMPattern Of<TPattern>() where TPattern : struct, INMPattern => new(TPattern.N, TPattern.M);

    /// <summary>How many groups lie along an axis of <paramref name="length"/> entries, the remainder counted as one.</summary>
    /// <param name="length">Entries along the axis.</param>
    public int GroupsIn(int length) => (length + M - 1) / M;

    /// <summary>How many entries are kept along an axis of <paramref name="length"/> entries: N per whole group, min(N, r) in the remainder.</summary>
    /// <param name="length">Entries along the axis.</param>
    public int KeptIn(int length) => (length / M * N) + Math.Min(N, length % M);

    /// <summary>The pattern as users write it, "2:4".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{N}:{M}");
}
