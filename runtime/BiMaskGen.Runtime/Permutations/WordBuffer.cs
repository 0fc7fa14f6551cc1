using System.Runtime.InteropServices;

namespace BiMaskGen.Permutations;

/// <summary>Zeroed 64-bit words on a cache line boundary: a search streams them, and 512-bit loads must not straddle lines.</summary>
internal sealed unsafe class WordBuffer : IDisposable
{
    private const int Alignment = 64;

    private void* _words;

    /// <summary>Allocates the words.</summary>
    public WordBuffer(long length)
    {
        nuint bytes = checked((nuint)length * sizeof(ulong));
        _words = NativeMemory.AlignedAlloc(Math.Max(bytes, Alignment), Alignment);
        NativeMemory.Clear(_words, bytes);
    }

    /// <summary>The first word.</summary>
    public ulong* Words => (ulong*)_words;

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.AlignedFree(_words);
        _words = null;
    }
}
