using System.Globalization;

namespace BiMaskGen.Kernels.Cuda;

/// <summary>What sparse tensor cores want for products of 8-bit operands, beside what <see cref="TensorCores"/> knows of patterns and shapes.</summary>
internal static class QuantizedCores
{
    // cuSPARSELt's release notes: e4m3 since 0.6.2, on compute capability 8.9 since 0.8.0.
    private const int E4M3Version = 602;
    private const int E4M3OnAdaVersion = 800;

    /// <summary>Why this machine cannot multiply operands of a type; null if it can.</summary>
    /// <param name="type">int8 or e4m3.</param>
    /// <param name="capability">The GPU's compute capability.</param>
    /// <param name="cusparseLt">cuSPARSELt's version, 1000 · major + 100 · minor + patch; null where it was not found.</param>
    public static string? Refusal(CudaType type, (int Major, int Minor) capability, int? cusparseLt)
    {
        if (cusparseLt is not { } version)
        {
            return "cuSPARSELt was not found";
        }

        ((int Major, int Minor) needed, string name) = type == CudaType.E4M3 ? ((8, 9), "float8") : ((8, 0), "int8");
        if (capability.CompareTo(needed) < 0)
        {
            return string.Create(
                CultureInfo.InvariantCulture, $"the compute capability is {capability.Major}.{capability.Minor}, and {name} needs {needed.Major}.{needed.Minor}");
        }

        if (type != CudaType.E4M3)
        {
            return null;
        }

        int least = capability == (8, 9) ? E4M3OnAdaVersion : E4M3Version;
        return version < least
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"cuSPARSELt is {Text(version)}, and float8 on compute capability {capability.Major}.{capability.Minor} needs {Text(least)}")
            : null;
    }

    private static string Text(int version) => string.Create(CultureInfo.InvariantCulture, $"{version / 1000}.{version / 100 % 10}.{version % 100}");
}
