using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace BiMaskGen.Kernels.Cuda;

/// <summary>Functions of one native library, found by name. A function that the library lacks is an error of whoever calls it, not of loading.</summary>
/// <param name="library">The library; it was found.</param>
internal abstract unsafe class NativeApi(FoundLibrary library)
{
    /// <summary>The file.</summary>
    public string Path { get; } = library.Path ?? throw new NMSparseNoCudaException(library.Name.Title, "was not found");

    /// <summary>What the library is called.</summary>
    protected string Title { get; } = library.Name.Title;

    /// <summary>What each kind of failure means to a user, by the name of its code.</summary>
    protected abstract (string CodeName, string WayOut, bool IsOutOfMemory) Explain(int code);

    /// <summary>A function that has to be there.</summary>
    protected void* Export(string name) => Optional(name) is var export && export != null
        ? export
        : throw new NMSparseNoCudaException(Title, $"{Path} has no function {name}: another version of the library is needed");

    /// <summary>A function that newer versions have; null where it is not there.</summary>
    protected void* Optional(string name) => NativeLibrary.TryGetExport(library.Handle, name, out nint export) ? (void*)export : null;

    /// <summary>Throws unless the code says success.</summary>
    /// <param name="code">What the function returned.</param>
    /// <param name="call">The function.</param>
    /// <param name="detail">For what it was called, if that helps.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected void Check(int code, string call, string? detail = null)
    {
        if (code != 0)
        {
            throw Failure(code, call, detail);
        }
    }

    /// <summary>What to throw for a code.</summary>
    protected NMSparseCudaException Failure(int code, string call, string? detail)
    {
        (string name, string wayOut, bool isOutOfMemory) = Explain(code);
        return new NMSparseCudaException(detail is null ? call : $"{call} ({detail})", code, name, wayOut) { IsOutOfMemory = isOutOfMemory };
    }

    /// <summary>A text that the library owns.</summary>
    protected static string? Text(byte* text) => Marshal.PtrToStringUTF8((nint)text);
}
