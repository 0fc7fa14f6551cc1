namespace BiMaskGen.Permutations;

/// <summary>
/// Sets in blocks of 8: word w of the 8 sets side by side. One 512-bit operation then works on 8 sets, and what it counts needs no sum
/// across the vector. The last block is padded with empty sets.
/// </summary>
internal sealed unsafe class LaneSets : IDisposable
{
    private readonly WordBuffer _words;
    private readonly int _wordsPerSet;

    /// <summary>Makes empty sets.</summary>
    /// <param name="count">Sets.</param>
    /// <param name="wordsPerSet">Words of a set.</param>
    public LaneSets(int count, int wordsPerSet)
    {
        _wordsPerSet = wordsPerSet;
        _words = new WordBuffer((long)BlocksIn(count) * LaneCounts.Lanes * wordsPerSet);
    }

    /// <summary>Words from one block to the next.</summary>
    public nint BlockStride => (nint)_wordsPerSet * LaneCounts.Lanes;

    /// <summary>Blocks that hold a number of sets.</summary>
    public static int BlocksIn(int count) => (count + LaneCounts.Lanes - 1) / LaneCounts.Lanes;

    /// <summary>A block.</summary>
    public ulong* Block(int block) => _words.Words + (block * BlockStride);

    /// <summary>The first of the words of a set from a word on; the next ones follow at a distance of <see cref="LaneCounts.Lanes"/>.</summary>
    public ulong* Lane(int set, int word) =>
        Block(set / LaneCounts.Lanes) + (word * LaneCounts.Lanes) + (set % LaneCounts.Lanes);

    /// <summary>Writes some words of a set.</summary>
    public void Write(int set, int firstWord, ulong* source, int count)
    {
        ulong* lane = Lane(set, firstWord);
        for (int i = 0; i < count; i++)
        {
            lane[i * LaneCounts.Lanes] = source[i];
        }
    }

    /// <summary>Reads some words of a set.</summary>
    public void Read(int set, int firstWord, ulong* target, int count)
    {
        ulong* lane = Lane(set, firstWord);
        for (int i = 0; i < count; i++)
        {
            target[i] = lane[i * LaneCounts.Lanes];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _words.Dispose();
}
