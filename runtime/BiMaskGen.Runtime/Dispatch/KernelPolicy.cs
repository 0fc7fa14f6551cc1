namespace BiMaskGen;

/// <summary>The process-wide choice of kernels; starts as the environment variable <c>BIMASK_KERNEL</c> says.</summary>
public static class KernelPolicy
{
    /// <summary>The name of the environment variable: dense, sparse or auto.</summary>
    public const string Variable = "BIMASK_KERNEL";

    private static KernelMode? s_mode;

    /// <summary>The mode that products use from now on.</summary>
    /// <exception cref="NMSparseException">The environment variable holds another word.</exception>
    public static KernelMode Mode
    {
        get => s_mode ??= Parse(Environment.GetEnvironmentVariable(Variable));
        set => s_mode = value;
    }

    internal static KernelMode Parse(string? value) => value?.Trim().ToLowerInvariant() switch
    {
        null or "" or "auto" => KernelMode.Auto,
        "sparse" => KernelMode.Sparse,
        "dense" => KernelMode.Dense,
        _ => throw new NMSparseException($"{Variable}={value}: expected dense, sparse or auto."),
    };
}
