namespace BiMaskGen.Kernels.Cuda;

/// <summary>What a layer on a GPU will keep of its weight for inference.</summary>
/// <param name="Operand">The type of the kept weights.</param>
/// <param name="Dense">Why they are kept as a masked dense operand; null if they are compressed for sparse tensor cores.</param>
internal sealed record ReleaseChoice(CudaType Operand, string? Dense)
{
    /// <summary>Whether the kept weights are compressed.</summary>
    public bool IsSparse => Dense is null;

    /// <summary>As reports name it.</summary>
    public string Form => $"{Name(Operand)}, {(IsSparse ? "2:4 compressed" : $"masked dense: {Dense}")}";

    /// <summary>Decides. The compressed operand is taken wherever it can be, by memory and not by speed; quantised weights have no other.</summary>
    /// <param name="runtime">CUDA.</param>
    /// <param name="device">The GPU.</param>
    /// <param name="spec">The layer.</param>
    /// <param name="precision">What the user wants.</param>
    /// <exception cref="NMSparsePrecisionException">The layer cannot run in that precision.</exception>
    public static ReleaseChoice Of(CudaRuntime runtime, CudaDevice device, CudaLayerSpec spec, InferencePrecision precision)
    {
        CudaType operand = precision switch { InferencePrecision.Int8 => CudaType.I8, InferencePrecision.Float8 => CudaType.E4M3, _ => spec.Compute };
        string? refusal = Refusal(runtime, device, spec, operand);
        return refusal is null || !operand.IsQuantized()
            ? new ReleaseChoice(operand, refusal)
            : throw new NMSparsePrecisionException(spec.Name, precision, refusal.TrimEnd('.'));
    }

    private static string? Refusal(CudaRuntime runtime, CudaDevice device, CudaLayerSpec spec, CudaType operand)
    {
        ProductShape shape = spec.Forward(TensorCores.DenseMultipleOf(operand));
        if (CudaLinear.Given(runtime, spec.Pattern, shape, operand) is { IsSparse: false } dense)
        {
            return dense.Reason;
        }

        try
        {
            if (operand.IsQuantized() && QuantizedCores.Refusal(operand, (device.Major, device.Minor), runtime.CusparseLt.Version) is { } refusal)
            {
                return $"{device.Name}: {refusal}";
            }

            // What this version of the library takes on this GPU, only it can tell.
            using CudaContext.Scope scope = device.Context.Enter();
            _ = ThreadHandles.Of(runtime, device).Sparse(new(shape, operand, false, false), 0);
            return null;
        }
        catch (NMSparseNoCudaException e)
        {
            return e.Reason;
        }
        catch (NMSparseCudaException e) when (!e.IsOutOfMemory && e.Call.StartsWith("cusparseLt", StringComparison.Ordinal))
        {
            return e.Message;
        }
    }

    private static string Name(CudaType type) => type switch
    {
        CudaType.BF16 => "bfloat16",
        CudaType.F16 => "float16",
        CudaType.I8 => "int8",
        CudaType.E4M3 => "float8 e4m3",
        _ => "float32",
    };
}
