using System.Runtime.InteropServices;

namespace BiMaskGen.Kernels.Cuda;

/// <summary>
/// One of cuSPARSELt's objects: memory that the library fills and that is given back to it before it is freed. It is zeroed first, since some
/// versions read what they are to initialise.
/// </summary>
internal sealed unsafe class OpaqueMemory : IDisposable
{
    private const int Alignment = 64;

    private readonly Func<nint, int> _destroy;
    private void* _memory;
    private bool _initialized;

    /// <summary>Allocates the memory.</summary>
    /// <param name="destroy">What gives the object back.</param>
    public OpaqueMemory(Func<nint, int> destroy)
    {
        _destroy = destroy;
        _memory = NativeMemory.AlignedAlloc(CusparseLtApi.ObjectBytes, Alignment);
        NativeMemory.Clear(_memory, CusparseLtApi.ObjectBytes);
    }

    /// <summary>Its address.</summary>
    public nint Address => (nint)_memory;

    /// <summary>Lets the library fill it. An object whose initialisation fails is not given back.</summary>
    public OpaqueMemory Init(Action<nint> init)
    {
        try
        {
            init(Address);
            _initialized = true;
            return this;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Gives the object back to the library, and the memory to the system.</summary>
    public void Dispose()
    {
        if (_memory != null)
        {
            if (_initialized)
            {
                _ = _destroy(Address);
            }

            NativeMemory.AlignedFree(_memory);
            _memory = null;
        }
    }
}
