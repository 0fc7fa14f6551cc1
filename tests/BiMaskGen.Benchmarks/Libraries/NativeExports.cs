using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace BiMaskGen.Benchmarks.Libraries;

/// <summary>A native library that may be missing; remembers every name that was tried.</summary>
internal sealed class NativeExports
{
    private readonly nint _handle;

    private NativeExports(string path, nint handle)
    {
        Path = path;
        _handle = handle;
    }

    /// <summary>The name or path that it was found under.</summary>
    internal string Path { get; }

    /// <summary>Loads the first of the names that is there.</summary>
    internal static bool TryLoad(ReadOnlySpan<string> names, [NotNullWhen(true)] out NativeExports? library)
    {
        foreach (string name in names)
        {
            if (NativeLibrary.TryLoad(name, out nint handle))
            {
                library = new NativeExports(name, handle);
                return true;
            }
        }

        library = null;
        return false;
    }

    /// <exception cref="EntryPointNotFoundException">The library has no such function.</exception>
    internal nint Require(string function) => NativeLibrary.GetExport(_handle, function);

    /// <summary>The function, or 0.</summary>
    internal nint Find(string function) => NativeLibrary.TryGetExport(_handle, function, out nint address) ? address : 0;
}
