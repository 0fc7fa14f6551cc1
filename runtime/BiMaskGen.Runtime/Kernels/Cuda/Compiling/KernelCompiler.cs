using System.Globalization;

namespace BiMaskGen.Kernels.Cuda;

/// <summary>Compiles kernels for one architecture, or finds them compiled.</summary>
/// <param name="nvrtc">The compiler.</param>
/// <param name="driverVersion">The driver's version.</param>
/// <param name="architecture">"sm_90".</param>
/// <param name="cache">Where cubins are kept.</param>
internal sealed class KernelCompiler(NvrtcApi nvrtc, int driverVersion, string architecture, CubinCache cache)
{
    private readonly string _versions = string.Create(CultureInfo.InvariantCulture, $"driver {driverVersion}, nvrtc {nvrtc.Version()}");

    /// <summary>A cubin.</summary>
    /// <param name="variant">The kernel.</param>
    /// <param name="fresh">Whether to compile even if there is one: the driver has refused that.</param>
    /// <returns>The cubin, and whether it came from the cache.</returns>
    public (byte[] Cubin, bool Cached) Get(in KernelVariant variant, bool fresh = false)
    {
        string source = KernelSource.Of(variant.Name);
        string[] options = Options(variant);
        string key = CubinCache.Key(source, string.Join(' ', options), _versions);
        if (!fresh && cache.TryRead(key) is { } cached)
        {
            return (cached, true);
        }

        byte[] cubin = nvrtc.Compile(source, $"{variant.Name}.cu", options);
        cache.TryWrite(key, cubin);
        return (cubin, false);
    }

    // Contraction of a · b + c is on, which no mask depends on: masks compare bits.
    private string[] Options(in KernelVariant variant) =>
        [$"--gpu-architecture={architecture}", "--std=c++17", "--extra-device-vectorization", .. variant.Macros.Split(' ').Select(m => $"-D{m}")];
}
