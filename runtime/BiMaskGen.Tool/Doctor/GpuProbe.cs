using System.Globalization;
using System.Runtime.InteropServices;
using BiMaskGen.Kernels.Cuda;

namespace BiMaskGen.Tool.Doctor;

/// <summary>A native library that was looked for.</summary>
/// <param name="Library">What it is.</param>
/// <param name="Use">What it would be for.</param>
/// <param name="Found">The file that was loaded, or null.</param>
/// <param name="Tried">Every name and path that was tried, in order, and what came of it.</param>
internal sealed record NativeResult(string Library, string Use, string? Found, IReadOnlyList<LibraryAttempt> Tried);

/// <summary>A GPU that the CUDA driver knows.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ComputeCapability">"9.0".</param>
/// <param name="MemoryBytes">Its memory.</param>
/// <param name="NoInt8">Why a released layer cannot run in int8; null if it can.</param>
/// <param name="NoFloat8">The same of float8.</param>
internal sealed record GpuResult(string Name, string ComputeCapability, long MemoryBytes, string? NoInt8, string? NoFloat8);

/// <summary>Asks for native libraries and GPUs just as the CUDA kernels do.</summary>
internal static class GpuProbe
{
    /// <summary>All libraries. They are let go again: whoever only asks should not go on with a libtorch in the process.</summary>
    public static IReadOnlyList<NativeResult> Libraries()
    {
        FoundLibrary[] libraries = [.. LibraryName.All.Select(name => LibrarySearch.Find(name))];
        foreach (FoundLibrary library in libraries.Where(l => l.Handle != 0))
        {
            NativeLibrary.Free(library.Handle);
        }

        return [.. libraries.Select(l => new NativeResult(l.Name.Title, l.Name.Use, l.Path, l.Trace))];
    }

    /// <summary>The GPUs, and why there is none if there is none.</summary>
    public static (IReadOnlyList<GpuResult> Gpus, string? Reason) Gpus()
    {
        (CudaRuntime? cuda, string reason) = CudaRuntime.TryCreate(Environment.GetEnvironmentVariable(LibraryFolders.Variable));
        if (cuda is null)
        {
            return ([], reason);
        }

        using (cuda)
        {
            try
            {
                return ([.. Enumerable.Range(0, cuda.DeviceCount).Select(ordinal => Gpu(cuda, ordinal))], null);
            }
            catch (NMSparseException e)
            {
                return ([], e.Message);
            }
        }
    }

    private static GpuResult Gpu(CudaRuntime cuda, int ordinal)
    {
        DriverApi driver = cuda.Driver;
        int device = driver.Device(ordinal);
        int major = driver.Attribute(DeviceAttribute.ComputeCapabilityMajor, device), minor = driver.Attribute(DeviceAttribute.ComputeCapabilityMinor, device);
        return new GpuResult(
            driver.DeviceName(device), string.Create(CultureInfo.InvariantCulture, $"{major}.{minor}"), driver.TotalMemory(device), Refusal(CudaType.I8), Refusal(CudaType.E4M3));

        string? Refusal(CudaType type)
        {
            try
            {
                return QuantizedCores.Refusal(type, (major, minor), cuda.HasCusparseLt ? cuda.CusparseLt.Version : null);
            }
            catch (NMSparseNoCudaException e)
            {
                return e.Reason;
            }
        }
    }
}
