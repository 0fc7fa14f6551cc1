namespace BiMaskGen.Kernels.Cuda;

/// <summary>cuBLASLt: dense products with a choice of algorithm.</summary>
internal sealed unsafe class CublasLtApi : NativeApi
{
    /// <summary>CUBLAS_COMPUTE_32F.</summary>
    public const int Compute32F = 68;

    private const int AllocFailed = 3;
    private const int NotSupported = 15;

    // cublasLtMatmulDescAttributes_t, cublasLtMatmulPreferenceAttributes_t
    private const int TransA = 3;
    private const int TransB = 4;
    private const int Epilogue = 7;
    private const int BiasPointer = 8;
    private const int MaxWorkspaceBytes = 1;

    private const int EpilogueBias = 4;
    private const int EpilogueRelu = 2;

    private readonly delegate* unmanaged<nuint> _getVersion;
    private readonly delegate* unmanaged<int, byte*> _getStatusName;
    private readonly delegate* unmanaged<nint*, int> _create;
    private readonly delegate* unmanaged<nint, int> _destroy;
    private readonly delegate* unmanaged<nint*, int, int, int> _descCreate;
    private readonly delegate* unmanaged<nint, int> _descDestroy;
    private readonly delegate* unmanaged<nint, int, void*, nuint, int> _descSet;
    private readonly delegate* unmanaged<nint*, int, ulong, ulong, long, int> _layoutCreate;
    private readonly delegate* unmanaged<nint, int> _layoutDestroy;
    private readonly delegate* unmanaged<nint*, int> _preferenceCreate;
    private readonly delegate* unmanaged<nint, int> _preferenceDestroy;
    private readonly delegate* unmanaged<nint, int, void*, nuint, int> _preferenceSet;
    private readonly delegate* unmanaged<nint, nint, nint, nint, nint, nint, nint, int, Heuristic*, int*, int> _heuristic;
    private readonly delegate* unmanaged<nint, nint, void*, ulong, nint, ulong, nint, void*, ulong, nint, ulong, nint, Algorithm*, ulong, nuint, nint, int> _matmul;

    /// <summary>Binds the functions.</summary>
    public CublasLtApi(FoundLibrary library) : base(library)
    {
        _getVersion = (delegate* unmanaged<nuint>)Export("cublasLtGetVersion");
        _getStatusName = (delegate* unmanaged<int, byte*>)Optional("cublasLtGetStatusName");
        _create = (delegate* unmanaged<nint*, int>)Export("cublasLtCreate");
        _destroy = (delegate* unmanaged<nint, int>)Export("cublasLtDestroy");
        _descCreate = (delegate* unmanaged<nint*, int, int, int>)Export("cublasLtMatmulDescCreate");
        _descDestroy = (delegate* unmanaged<nint, int>)Export("cublasLtMatmulDescDestroy");
        _descSet = (delegate* unmanaged<nint, int, void*, nuint, int>)Export("cublasLtMatmulDescSetAttribute");
        _layoutCreate = (delegate* unmanaged<nint*, int, ulong, ulong, long, int>)Export("cublasLtMatrixLayoutCreate");
        _layoutDestroy = (delegate* unmanaged<nint, int>)Export("cublasLtMatrixLayoutDestroy");
        _preferenceCreate = (delegate* unmanaged<nint*, int>)Export("cublasLtMatmulPreferenceCreate");
        _preferenceDestroy = (delegate* unmanaged<nint, int>)Export("cublasLtMatmulPreferenceDestroy");
        _preferenceSet = (delegate* unmanaged<nint, int, void*, nuint, int>)Export("cublasLtMatmulPreferenceSetAttribute");
        _heuristic = (delegate* unmanaged<nint, nint, nint, nint, nint, nint, nint, int, Heuristic*, int*, int>)Export("cublasLtMatmulAlgoGetHeuristic");
        _matmul = (delegate* unmanaged<
            nint, nint, void*, ulong, nint, ulong, nint, void*, ulong, nint, ulong, nint, Algorithm*, ulong, nuint, nint, int>)Export("cublasLtMatmul");
    }

    /// <summary>The library's version.</summary>
    public long Version() => (long)_getVersion();

    /// <summary>Makes a handle, for one device.</summary>
    public nint Create()
    {
        nint handle;
        Check(_create(&handle), "cublasLtCreate");
        return handle;
    }

    /// <summary>Gives a handle back.</summary>
    public int Destroy(nint handle) => _destroy(handle);

    /// <summary>Describes a product with fp32 sums: which sides are transposed, in the library's column-major view.</summary>
    public nint CreateDescription(bool transposeA, bool transposeB)
    {
        nint description;
        Check(_descCreate(&description, Compute32F, CudaTypeCode.F32), "cublasLtMatmulDescCreate");
        try
        {
            Set(description, TransA, transposeA ? 1 : 0);
            Set(description, TransB, transposeB ? 1 : 0);
            return description;
        }
        catch
        {
            _ = _descDestroy(description);
            throw;
        }
    }

    /// <summary>Lets the product add a bias to every column of its (column-major) result, and apply relu.</summary>
    public void SetEpilogue(nint description, ulong bias, bool relu)
    {
        int epilogue = (bias != 0 ? EpilogueBias : 0) | (relu ? EpilogueRelu : 0);
        Set(description, Epilogue, epilogue == 0 ? 1 : epilogue);
        Check(_descSet(description, BiasPointer, &bias, sizeof(ulong)), "cublasLtMatmulDescSetAttribute", "bias");
    }

    /// <summary>Gives a description back.</summary>
    public int DestroyDescription(nint description) => _descDestroy(description);

    /// <summary>Describes a column-major matrix.</summary>
    public nint CreateLayout(CudaType type, long rows, long columns)
    {
        nint layout;
        Check(_layoutCreate(&layout, CudaTypeCode.Of(type), (ulong)rows, (ulong)columns, rows), "cublasLtMatrixLayoutCreate", $"[{rows}, {columns}]");
        return layout;
    }

    /// <summary>Gives a layout back.</summary>
    public int DestroyLayout(nint layout) => _layoutDestroy(layout);

    /// <summary>The algorithms that the library thinks fastest, the best first.</summary>
    /// <returns>How many were found.</returns>
    public int Heuristics(nint handle, nint description, nint a, nint b, nint d, long workspace, Span<Heuristic> found, string what)
    {
        nint preference;
        Check(_preferenceCreate(&preference), "cublasLtMatmulPreferenceCreate");
        try
        {
            Check(_preferenceSet(preference, MaxWorkspaceBytes, &workspace, sizeof(long)), "cublasLtMatmulPreferenceSetAttribute");
            int count;
            fixed (Heuristic* results = found)
            {
                Check(_heuristic(handle, description, a, b, d, d, preference, found.Length, results, &count), "cublasLtMatmulAlgoGetHeuristic", what);
            }

            return count > 0 ? count : throw Failure(NotSupported, "cublasLtMatmulAlgoGetHeuristic", what);
        }
        finally
        {
            _ = _preferenceDestroy(preference);
        }
    }

    /// <summary>D = op(A) op(B) + β D.</summary>
    public void Matmul(
        nint handle, nint description, (ulong A, ulong B, ulong D) operands, (nint A, nint B, nint D) layouts, float beta, Algorithm algorithm,
        ulong workspace, long workspaceBytes, nint stream, string what)
    {
        float alpha = 1;
        Check(
            _matmul(
                handle, description, &alpha, operands.A, layouts.A, operands.B, layouts.B, &beta, operands.D, layouts.D, operands.D, layouts.D,
                &algorithm, workspace, (nuint)workspaceBytes, stream),
            "cublasLtMatmul",
            what);
    }

    /// <inheritdoc/>
    protected override (string CodeName, string WayOut, bool IsOutOfMemory) Explain(int code) => (
        (_getStatusName != null ? Text(_getStatusName(code)) : null) ?? $"cublasStatus {code}",
        code switch
        {
            AllocFailed => "The GPU has too little free memory: use a smaller batch, or free what other models hold.",
            NotSupported => "The library has no algorithm for this shape and type: convert the model to float32, bfloat16 or float16.",
            _ => "See the status in the documentation of cuBLAS.",
        },
        code == AllocFailed);

    private void Set(nint description, int attribute, int value) =>
        Check(_descSet(description, attribute, &value, sizeof(int)), "cublasLtMatmulDescSetAttribute");

    /// <summary>cublasLtMatmulAlgo_t.</summary>
    internal struct Algorithm
    {
        private fixed ulong _data[8];
    }

    /// <summary>cublasLtMatmulHeuristicResult_t.</summary>
    internal struct Heuristic
    {
        /// <summary>The algorithm.</summary>
        public Algorithm Algorithm;

        /// <summary>Bytes of workspace that it needs.</summary>
        public nuint WorkspaceBytes;

        /// <summary>0 if it can be used.</summary>
        public int State;

        /// <summary>How well it fills the device.</summary>
        public float Waves;

        private fixed int _reserved[4];
    }
}

/// <summary>cudaDataType.</summary>
internal static class CudaTypeCode
{
    /// <summary>CUDA_R_32F.</summary>
    public const int F32 = 0;

    private const int F16 = 2;
    private const int I8 = 3;
    private const int I32 = 10;
    private const int BF16 = 14;
    private const int E4M3 = 28;

    /// <summary>The library's number of a type.</summary>
    public static int Of(CudaType type) => type switch
    {
        CudaType.F32 => F32,
        CudaType.F16 => F16,
        CudaType.I8 => I8,
        CudaType.E4M3 => E4M3,
        CudaType.I32 => I32,
        _ => BF16,
    };
}
