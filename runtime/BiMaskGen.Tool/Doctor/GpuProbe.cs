using System.Runtime.InteropServices;
using System.Text;

namespace BiMaskGen.Tool.Doctor;

/// <summary>A GPU that the CUDA driver knows.</summary>
internal sealed record GpuResult(string Name, string ComputeCapability, long MemoryBytes);

/// <summary>Asks the CUDA driver for its GPUs.</summary>
internal static unsafe class GpuProbe
{
    private const int Major = 75, Minor = 76;

    /// <summary>The GPUs, and why there is none if there is none.</summary>
    /// <param name="driver">The driver's library, or null.</param>
    public static (IReadOnlyList<GpuResult> Gpus, string? Reason) Run(string? driver)
    {
        if (driver is null || !NativeLibrary.TryLoad(driver, out nint library))
        {
            return ([], "no CUDA driver");
        }

        try
        {
            return Ask(library);
        }
        catch (EntryPointNotFoundException e)
        {
            return ([], $"the CUDA driver lacks a function: {e.Message}");
        }
    }

    private static (IReadOnlyList<GpuResult> Gpus, string? Reason) Ask(nint library)
    {
        var init = (delegate* unmanaged<uint, int>)NativeLibrary.GetExport(library, "cuInit");
        var count = (delegate* unmanaged<int*, int>)NativeLibrary.GetExport(library, "cuDeviceGetCount");
        var name = (delegate* unmanaged<byte*, int, int, int>)NativeLibrary.GetExport(library, "cuDeviceGetName");
        var attribute = (delegate* unmanaged<int*, int, int, int>)NativeLibrary.GetExport(library, "cuDeviceGetAttribute");
        var memory = (delegate* unmanaged<nuint*, int, int>)NativeLibrary.GetExport(library, "cuDeviceTotalMem_v2");
        int devices = 0, error = init(0);
        error = error == 0 ? count(&devices) : error;
        if (error != 0)
        {
            return ([], $"the CUDA driver answers with error {error}");
        }

        List<GpuResult> gpus = [];
        byte* text = stackalloc byte[256];
        for (int device = 0; device < devices; device++)
        {
            int major = 0, minor = 0;
            nuint bytes = 0;
            new Span<byte>(text, 256).Clear();
            _ = name(text, 255, device);
            _ = attribute(&major, Major, device);
            _ = attribute(&minor, Minor, device);
            _ = memory(&bytes, device);
            gpus.Add(new GpuResult(Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text)), $"{major}.{minor}", (long)bytes));
        }

        return (gpus, gpus.Count == 0 ? "the CUDA driver knows of none" : null);
    }
}
