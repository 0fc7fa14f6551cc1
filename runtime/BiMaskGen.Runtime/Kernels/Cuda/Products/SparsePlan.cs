namespace BiMaskGen.Kernels.Cuda;

/// <summary>The algorithm that cuSPARSELt's search found fastest for a product.</summary>
internal readonly record struct SparseAlgorithm(int Id, int SplitK, int SplitKMode, int SplitKBuffers);

/// <summary>
/// A product whose weight is a 2:4 operand, by cuSPARSELt: descriptors, algorithm, plan. Belongs to the thread whose handle it was made with.
/// The library computes Dᵀ = A Bᵀ with Dᵀ column-major, which is D row-major.
/// </summary>
internal sealed class SparsePlan : IDisposable
{
    private readonly CusparseLtApi _api;
    private readonly nint _handle;
    private readonly PlanKey _key;
    private readonly OpaqueMemory _weight;
    private readonly List<OpaqueMemory> _objects = [];
    private OpaqueMemory? _matmul;
    private OpaqueMemory? _selection;
    private OpaqueMemory? _plan;
    private readonly ulong _bias;
    private SparseAlgorithm? _algorithm;

    /// <summary>Makes the plan.</summary>
    /// <param name="api">cuSPARSELt.</param>
    /// <param name="handle">The thread's handle.</param>
    /// <param name="key">What it is for.</param>
    /// <param name="bias">Where the bias lies, of the product's type; 0 if the key has none. A plan may read the pointer when it is made, so that it is part of it.</param>
    /// <param name="algorithm">The algorithm, if it was searched for already.</param>
    public SparsePlan(CusparseLtApi api, nint handle, in PlanKey key, ulong bias, SparseAlgorithm? algorithm)
    {
        _api = api;
        _handle = handle;
        _key = key;
        _bias = bias;
        _algorithm = algorithm;
        (int rows, int depth, int batch) = key.Shape;
        CudaType type = key.Type;
        try
        {
            _weight = Made(api.DestroyMatrix, m => api.InitStructured(handle, m, rows, depth, type));
            Made(api.DestroyMatrix, m => api.InitDense(handle, m, batch, depth, rowMajor: true, type));
            Made(api.DestroyMatrix, m => api.InitDense(handle, m, rows, batch, rowMajor: false, type.Product()));
            (CompressedBytes, CompressBufferBytes) = api.CompressedSize(handle, _weight.Address);
            Plan();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Bytes of the compressed weight.</summary>
    public long CompressedBytes { get; }

    /// <summary>Bytes that compressing needs beside it.</summary>
    public long CompressBufferBytes { get; }

    /// <summary>Bytes that the product needs beside its operands.</summary>
    public long WorkspaceBytes { get; private set; }

    /// <summary>Whether the algorithm was searched for.</summary>
    public bool IsSearched => _algorithm is not null;

    /// <summary>Compresses a weight that is 2:4.</summary>
    public void Compress(ulong dense, ulong compressed, ulong buffer, nint stream) =>
        _api.Compress(_handle, _weight.Address, dense, compressed, buffer, stream);

    /// <summary>Times every algorithm on these operands and keeps the fastest. Waits for the GPU.</summary>
    public SparseAlgorithm Search(ulong compressed, ulong dense, ulong output, ulong workspace, nint stream)
    {
        _api.Matmul(_handle, _plan!.Address, compressed, dense, output, workspace, stream, search: true, _key.Shape.ToString());
        nint selection = _selection!.Address;
        SparseAlgorithm found = new(
            _api.Get(_handle, selection, AlgorithmAttribute.Id), _api.Get(_handle, selection, AlgorithmAttribute.SplitK),
            _api.Get(_handle, selection, AlgorithmAttribute.SplitKMode), _api.Get(_handle, selection, AlgorithmAttribute.SplitKBuffers));

        // Planned anew: only then is it known what workspace this algorithm wants.
        _algorithm = found;
        Plan();
        return found;
    }

    /// <summary>Computes the product.</summary>
    public void Run(ulong compressed, ulong dense, ulong output, ulong workspace, nint stream) =>
        _api.Matmul(_handle, _plan!.Address, compressed, dense, output, workspace, stream, search: false, _key.Shape.ToString());

    /// <inheritdoc/>
    public void Dispose()
    {
        Unplan();
        foreach (OpaqueMemory memory in _objects)
        {
            memory.Dispose();
        }
    }

    private OpaqueMemory Made(Func<nint, int> destroy, Action<nint> init)
    {
        OpaqueMemory memory = new OpaqueMemory(destroy).Init(init);
        _objects.Add(memory);
        return memory;
    }

    private void Plan()
    {
        Unplan();
        _matmul = new OpaqueMemory(static _ => 0).Init(m =>
        {
            _api.InitMatmul(_handle, m, _objects[0].Address, _objects[1].Address, _objects[2].Address, _key.Type);
            _api.SetEpilogue(_handle, m, _bias, _key.Relu);
        });
        _selection = new OpaqueMemory(_api.DestroyAlgorithm).Init(s => _api.InitAlgorithm(_handle, s, _matmul.Address));
        if (_algorithm is { } algorithm)
        {
            Choose(_selection.Address, algorithm);
        }

        _plan = new OpaqueMemory(_api.DestroyPlan).Init(p => _api.InitPlan(_handle, p, _matmul.Address, _selection.Address, _key.Shape.ToString()));
        WorkspaceBytes = _api.Workspace(_handle, _plan.Address);
    }

    private void Choose(nint selection, in SparseAlgorithm algorithm)
    {
        _api.Set(_handle, selection, AlgorithmAttribute.Id, algorithm.Id);
        if (algorithm.SplitK > 1)
        {
            _api.Set(_handle, selection, AlgorithmAttribute.SplitK, algorithm.SplitK);
            _api.Set(_handle, selection, AlgorithmAttribute.SplitKMode, algorithm.SplitKMode);
            _api.Set(_handle, selection, AlgorithmAttribute.SplitKBuffers, algorithm.SplitKBuffers);
        }
    }

    private void Unplan()
    {
        _plan?.Dispose();
        _selection?.Dispose();
        _matmul?.Dispose();
        (_plan, _selection, _matmul) = (null, null, null);
    }
}
