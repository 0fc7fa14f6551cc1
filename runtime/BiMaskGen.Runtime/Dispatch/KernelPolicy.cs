namespace BiMaskGen;

/// <summary>The process-wide choice of kernels; starts as the environment variable <c>BIMASK_KERNEL</c> says.</summary>
public static class KernelPolicy
{
    /// <summary>The name of the environment variable: auto, sparse, dense, deterministic or torch.</summary>
    public const string Variable = "BIMASK_KERNEL";

    private static KernelMode? s_mode;
    private static TimeSpan s_warmUp = TimeSpan.FromSeconds(0.4);

    /// <summary>The mode that products use from now on.</summary>
    /// <exception cref="NMSparseException">The environment variable holds another word.</exception>
    public static KernelMode Mode
    {
        get => s_mode ??= Parse(Environment.GetEnvironmentVariable(Variable));
        set => s_mode = value;
    }

    /// <summary>
    /// How long, at least, a product goes to both kernels before they are timed, 0.4 s unless set. The JIT compiles to the end in the
    /// background, at the earliest 0.1 s after a method was new; a choice from before says little. Holds for products first used afterwards.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public static TimeSpan WarmUp
    {
        get => s_warmUp;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            s_warmUp = value;
        }
    }

    internal static KernelMode Parse(string? value) => value?.Trim().ToLowerInvariant() switch
    {
        null or "" or "auto" => KernelMode.Auto,
        "sparse" => KernelMode.Sparse,
        "dense" => KernelMode.Dense,
        "torch" => KernelMode.Torch,
        "deterministic" => KernelMode.Deterministic,
        _ => throw new NMSparseException($"{Variable}={value}: expected auto, sparse, dense, deterministic or torch."),
    };
}
