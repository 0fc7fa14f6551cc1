using System.ComponentModel;
using System.Diagnostics;

namespace BiMaskGen.Kernels.Cuda;

/// <summary>The libraries that this process has loaded: what TorchSharp already uses is what we want to use too.</summary>
internal static class LoadedModules
{
    /// <summary>The file of the library that the process has loaded, or null.</summary>
    public static string? Find(LibraryName library)
    {
        try
        {
            using Process process = Process.GetCurrentProcess();
            return process.Modules.Cast<ProcessModule>().Select(m => m.FileName).FirstOrDefault(f => library.Matches(Path.GetFileName(f)));
        }
        catch (Exception error) when (error is Win32Exception or NotSupportedException or InvalidOperationException)
        {
            // The system does not tell a process its modules: then nothing is known to be loaded.
            return null;
        }
    }
}
