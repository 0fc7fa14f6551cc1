using System.Runtime.InteropServices;

namespace BiMaskGen.Kernels.Cpu;

/// <summary>
/// Working memory of the kernels: a few buffers per thread, aligned to a cache line, grown when needed and kept, so that a call
/// allocates nothing. A buffer belongs to the kernel that rented it until that kernel returns; a kernel that runs inside another one
/// takes other buffers.
/// </summary>
internal sealed unsafe class Scratch
{
    private const int Alignment = 64;

    [ThreadStatic]
    private static Scratch? _ofThread;

    private readonly nint[] _buffers = new nint[(int)Buffer.PreActivationRows + 1];
    private readonly nuint[] _bytes = new nuint[(int)Buffer.PreActivationRows + 1];

    private Scratch()
    {
    }

    /// <summary>Frees the buffers of a thread that has ended.</summary>
    ~Scratch()
    {
        foreach (nint buffer in _buffers)
        {
            NativeMemory.AlignedFree((void*)buffer);
        }
    }

    internal enum Buffer
    {
        GemmA,
        GemmB,
        SparseInput,
        SparseOutput,
        PackedRows,
        SampledGradient,
        OrderedRow,
        OrderedWords,
        ConvolutionWeight,
        ConvolutionWeightGradient,
        Pixels,
        Patches,
        PatchRow,
        OutputRows,
        PreActivationRows,
    }

    /// <summary>Room for so many floats with undefined content, this thread's until it rents the same buffer again.</summary>
    internal static float* Rent(Buffer buffer, long count)
    {
        Scratch scratch = _ofThread ??= new Scratch();
        nuint bytes = checked((nuint)count * sizeof(float));
        int slot = (int)buffer;
        if (bytes > scratch._bytes[slot])
        {
            NativeMemory.AlignedFree((void*)scratch._buffers[slot]);
            scratch._buffers[slot] = 0;
            scratch._bytes[slot] = 0;
            scratch._buffers[slot] = (nint)NativeMemory.AlignedAlloc(bytes, Alignment);
            scratch._bytes[slot] = bytes;
        }

        return (float*)scratch._buffers[slot];
    }
}
