using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace BiMaskGen.Packing;

// Memory: values [tile of 32 rows][slot][32 rows]; indices [tile][word][32 rows], a row's indices in 32-bit words, each in as few bits as
// M needs, lowest bits first. As many whole groups share a word as fit; a group that no word holds begins a new one. A kernel over small
// batches reads a slot of 32 rows as vectors and shifts their words to the next index.

/// <summary>An N:M matrix in its smallest form: kept values, and indices of ⌈log₂ M⌉ bits within each group.</summary>
internal sealed unsafe class PackedGroups
{
    /// <summary>Rows whose values lie side by side.</summary>
    internal const int TileRows = 32;

    /// <summary>Bits of a word of indices.</summary>
    internal const int WordBits = 32;

    private const int Alignment = 64;

    private readonly float[] _values;
    private readonly uint[] _words;

    internal PackedGroups(NMPattern pattern, int rows, int columns)
    {
        Pattern = pattern;
        Groups = pattern.GroupsIn(columns);
        Tiles = (rows + TileRows - 1) / TileRows;
        IndexBits = IndexBitsOf(pattern.M);
        int words = FieldsPerWord >= pattern.N
            ? (Groups + GroupsPerWord - 1) / GroupsPerWord
            : Groups * ((pattern.N + FieldsPerWord - 1) / FieldsPerWord);
        WordsPerRow = words;
        _values = GC.AllocateArray<float>(checked((Tiles * TileRows * SlotsPerRow) + (Alignment / sizeof(float))), pinned: true);
        _words = GC.AllocateArray<uint>(checked((Tiles * TileRows * words) + (Alignment / sizeof(uint))), pinned: true);
        Values = (float*)Align(Marshal.UnsafeAddrOfPinnedArrayElement(_values, 0));
        Words = (uint*)Align(Marshal.UnsafeAddrOfPinnedArrayElement(_words, 0));
    }

    internal NMPattern Pattern { get; }

    internal int Groups { get; }

    internal int Tiles { get; }

    internal int SlotsPerRow => Groups * Pattern.N;

    internal int IndexBits { get; }

    internal int WordsPerRow { get; }

    /// <summary>Slot s of row r is at ((r / 32) · SlotsPerRow + s) · 32 + r % 32. Valid while the object is alive.</summary>
    internal float* Values { get; }

    /// <summary>Word w of row r is at ((r / 32) · WordsPerRow + w) · 32 + r % 32.</summary>
    internal uint* Words { get; }

    internal long Bytes => ((long)_values.Length * sizeof(float)) + ((long)_words.Length * sizeof(uint));

    private int FieldsPerWord => WordBits / IndexBits;

    private int GroupsPerWord => FieldsPerWord / Pattern.N;

    /// <summary>Bits of an index: ⌈log₂ M⌉. Written out so that the JIT folds it where M is a constant.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int IndexBitsOf(int m) => m <= 2 ? 1 : m <= 4 ? 2 : m <= 8 ? 3 : m <= 16 ? 4 : 5;

    /// <summary>Groups that share a word, 0 if one alone is too long for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int GroupsPerWordOf<TPattern>()
        where TPattern : struct, INMPattern => WordBits / IndexBitsOf(TPattern.M) / TPattern.N;

    internal nint ValueOf(int tile, int slot) => (((nint)tile * SlotsPerRow) + slot) * TileRows;

    internal nint WordOf(int tile, int word) => (((nint)tile * WordsPerRow) + word) * TileRows;

    /// <summary>Where the index of a slot lies: its word in the row, and how far up in the word.</summary>
    internal (int Word, int Shift) FieldOf(int group, int n)
    {
        if (FieldsPerWord >= Pattern.N)
        {
            return (group / GroupsPerWord, ((group % GroupsPerWord * Pattern.N) + n) * IndexBits);
        }

        int wordsPerGroup = (Pattern.N + FieldsPerWord - 1) / FieldsPerWord;
        return ((group * wordsPerGroup) + (n / FieldsPerWord), n % FieldsPerWord * IndexBits);
    }

    /// <summary>The place in its group of the weight in a slot.</summary>
    internal int IndexOf(int row, int group, int n)
    {
        (int word, int shift) = FieldOf(group, n);
        return (int)(Words[WordOf(row / TileRows, word) + (row % TileRows)] >> shift) & ((1 << IndexBits) - 1);
    }

    private static nint Align(nint start) => (start + Alignment - 1) & ~(nint)(Alignment - 1);
}
