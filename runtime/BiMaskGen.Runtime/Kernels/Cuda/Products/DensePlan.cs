namespace BiMaskGen.Kernels.Cuda;

/// <summary>What a dense product multiplies.</summary>
internal enum DenseForm
{
    /// <summary>D [batch, rows] = B [batch, depth] · A [rows, depth]ᵀ: y and dX.</summary>
    Activations,

    /// <summary>D [rows, depth] = A [batch, rows]ᵀ · B [batch, depth]: dW.</summary>
    Weight,

    /// <summary>D [batch, rows] = B [batch, depth] · A [depth, rows]: dX of a weight that was never pruned, for comparison.</summary>
    Untransposed,
}

/// <summary>What a dense plan is made for.</summary>
/// <param name="Plan">Shape, type of the operands, epilogue.</param>
/// <param name="Form">Which product.</param>
/// <param name="Output">The type of the result.</param>
internal readonly record struct DenseKey(PlanKey Plan, DenseForm Form, CudaType Output);

/// <summary>
/// A dense product by cuBLASLt, with fp32 sums: the masked dense products, and dW. The library sees matrices column-major, so each row-major
/// matrix goes in as its transpose.
/// </summary>
internal sealed class DensePlan : IDisposable
{
    private readonly CublasLtApi _api;
    private readonly nint _handle;
    private readonly DenseKey _key;
    private readonly nint _description;
    private readonly (nint A, nint B, nint D) _layouts;
    private readonly CublasLtApi.Heuristic _choice;
    private ulong _bias;

    /// <summary>Makes the plan with the algorithm that the library recommends.</summary>
    /// <param name="api">cuBLASLt.</param>
    /// <param name="handle">The thread's handle.</param>
    /// <param name="key">What it is for.</param>
    /// <param name="bias">Where the bias lies; not 0 if the key has one.</param>
    /// <param name="workspaceBytes">The most workspace that an algorithm may want.</param>
    public DensePlan(CublasLtApi api, nint handle, in DenseKey key, ulong bias, long workspaceBytes)
    {
        _api = api;
        _handle = handle;
        _key = key;
        (int rows, int depth, int batch) = key.Plan.Shape;
        CudaType type = key.Plan.Type;
        bool forWeight = key.Form == DenseForm.Weight;

        // In fields as soon as they are there, so that a failure in between gives back what was made.
        try
        {
            _description = api.CreateDescription(transposeA: key.Form == DenseForm.Activations, transposeB: forWeight);
            _layouts.A = key.Form switch
            {
                DenseForm.Weight => api.CreateLayout(type, depth, batch),
                DenseForm.Untransposed => api.CreateLayout(type, rows, depth),
                _ => api.CreateLayout(type, depth, rows),
            };
            _layouts.B = forWeight ? api.CreateLayout(type, rows, batch) : api.CreateLayout(type, depth, batch);
            _layouts.D = forWeight ? api.CreateLayout(key.Output, depth, rows) : api.CreateLayout(key.Output, rows, batch);
            if (key.Plan.HasBias || key.Plan.Relu)
            {
                api.SetEpilogue(_description, bias, key.Plan.Relu);
                _bias = bias;
            }

            Span<CublasLtApi.Heuristic> found = new CublasLtApi.Heuristic[1];
            _ = api.Heuristics(handle, _description, _layouts.A, _layouts.B, _layouts.D, workspaceBytes, found, key.Plan.Shape.ToString());
            _choice = found[0];
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Bytes that the product needs beside its operands.</summary>
    public long WorkspaceBytes => (long)_choice.WorkspaceBytes;

    /// <summary>Computes the product.</summary>
    /// <param name="weight">A: the weight, or for dW the gradient.</param>
    /// <param name="dense">B: the activations.</param>
    /// <param name="output">D.</param>
    /// <param name="bias">The bias, if the key has one.</param>
    /// <param name="workspace">Memory of <see cref="WorkspaceBytes"/>.</param>
    /// <param name="stream">The stream.</param>
    public void Run(ulong weight, ulong dense, ulong output, ulong bias, ulong workspace, nint stream)
    {
        Use(bias);
        bool forWeight = _key.Form == DenseForm.Weight;
        (ulong, ulong, ulong) operands = forWeight ? (dense, weight, output) : (weight, dense, output);
        _api.Matmul(_handle, _description, operands, _layouts, 0, _choice.Algorithm, workspace, WorkspaceBytes, stream, _key.Plan.Shape.ToString());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (nint layout in (ReadOnlySpan<nint>)[_layouts.A, _layouts.B, _layouts.D])
        {
            if (layout != 0)
            {
                _ = _api.DestroyLayout(layout);
            }
        }

        if (_description != 0)
        {
            _ = _api.DestroyDescription(_description);
        }
    }

    private void Use(ulong bias)
    {
        if (_key.Plan.HasBias && bias != _bias)
        {
            _api.SetEpilogue(_description, bias, _key.Plan.Relu);
            _bias = bias;
        }
    }
}
