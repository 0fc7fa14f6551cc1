using System.Globalization;

namespace BiMaskGen.Kernels.Cuda;

/// <summary>
/// cuSPARSELt: products with a 2:4 operand. Its objects are memory of the caller's (<see cref="OpaqueMemory"/>): 11 024 bytes each in version
/// 0.4, 13 072 in 0.6.2, 512 in 0.7 and 0.8.
/// </summary>
internal sealed unsafe class CusparseLtApi : NativeApi
{
    /// <summary>Bytes of one opaque object, more than any version has asked for.</summary>
    public const int ObjectBytes = 16 << 10;

    // Before 0.5.2 bf16 and fp16 had no fp32 sums, and the numbers of the compute types were others.
    private const int LeastVersion = 502;
    private const int Compute32I = 0;
    private const int Compute32F = 2;
    private const int RowOrder = 2;
    private const int ColumnOrder = 1;
    private const int HalfSparse = 0;
    private const int NoTranspose = 0;
    private const int Transpose = 1;
    private const int DefaultAlgorithm = 0;
    private const int AllocFailed = 2;
    private const int InsufficientResources = 11;

    // cusparseLtMatmulDescAttribute_t, cusparseLtMatmulAlgAttribute_t
    private const int ActivationRelu = 0;
    private const int BiasPointer = 8;

    private static readonly string[] s_statusNames =
    [
        "CUSPARSE_STATUS_SUCCESS", "CUSPARSE_STATUS_NOT_INITIALIZED", "CUSPARSE_STATUS_ALLOC_FAILED", "CUSPARSE_STATUS_INVALID_VALUE",
        "CUSPARSE_STATUS_ARCH_MISMATCH", "CUSPARSE_STATUS_MAPPING_ERROR", "CUSPARSE_STATUS_EXECUTION_FAILED", "CUSPARSE_STATUS_INTERNAL_ERROR",
        "CUSPARSE_STATUS_MATRIX_TYPE_NOT_SUPPORTED", "CUSPARSE_STATUS_ZERO_PIVOT", "CUSPARSE_STATUS_NOT_SUPPORTED", "CUSPARSE_STATUS_INSUFFICIENT_RESOURCES",
    ];

    private readonly delegate* unmanaged<nint, int> _init;
    private readonly delegate* unmanaged<nint, int> _destroy;
    private readonly delegate* unmanaged<int, int*, int> _getProperty;
    private readonly delegate* unmanaged<nint, nint, long, long, long, uint, int, int, int> _denseInit;
    private readonly delegate* unmanaged<nint, nint, long, long, long, uint, int, int, int, int> _structuredInit;
    private readonly delegate* unmanaged<nint, int> _matrixDestroy;
    private readonly delegate* unmanaged<nint, nint, int, int, nint, nint, nint, nint, int, int> _matmulInit;
    private readonly delegate* unmanaged<nint, nint, int, void*, nuint, int> _matmulSet;
    private readonly delegate* unmanaged<nint, nint, nint, int, int> _algorithmInit;
    private readonly delegate* unmanaged<nint, nint, int, void*, nuint, int> _algorithmSet;
    private readonly delegate* unmanaged<nint, nint, int, void*, nuint, int> _algorithmGet;
    private readonly delegate* unmanaged<nint, int> _algorithmDestroy;
    private readonly delegate* unmanaged<nint, nint, nint, nint, int> _planInit;
    private readonly delegate* unmanaged<nint, int> _planDestroy;
    private readonly delegate* unmanaged<nint, nint, nuint*, int> _workspace;
    private readonly delegate* unmanaged<nint, nint, void*, ulong, ulong, void*, ulong, ulong, ulong, nint*, int, int> _matmul;
    private readonly delegate* unmanaged<nint, nint, void*, ulong, ulong, void*, ulong, ulong, ulong, nint*, int, int> _search;
    private readonly delegate* unmanaged<nint, nint, nuint*, nuint*, int> _compressedSize;
    private readonly delegate* unmanaged<nint, nint, int, int, ulong, ulong, ulong, nint, int> _compress;

    /// <summary>Binds the functions.</summary>
    /// <exception cref="NMSparseNoCudaException">The library is too old.</exception>
    public CusparseLtApi(FoundLibrary library) : base(library)
    {
        _init = (delegate* unmanaged<nint, int>)Export("cusparseLtInit");
        _destroy = (delegate* unmanaged<nint, int>)Export("cusparseLtDestroy");
        _getProperty = (delegate* unmanaged<int, int*, int>)Export("cusparseLtGetProperty");
        _denseInit = (delegate* unmanaged<nint, nint, long, long, long, uint, int, int, int>)Export("cusparseLtDenseDescriptorInit");
        _structuredInit = (delegate* unmanaged<nint, nint, long, long, long, uint, int, int, int, int>)Export("cusparseLtStructuredDescriptorInit");
        _matrixDestroy = (delegate* unmanaged<nint, int>)Export("cusparseLtMatDescriptorDestroy");
        _matmulInit = (delegate* unmanaged<nint, nint, int, int, nint, nint, nint, nint, int, int>)Export("cusparseLtMatmulDescriptorInit");
        _matmulSet = (delegate* unmanaged<nint, nint, int, void*, nuint, int>)Export("cusparseLtMatmulDescSetAttribute");
        _algorithmInit = (delegate* unmanaged<nint, nint, nint, int, int>)Export("cusparseLtMatmulAlgSelectionInit");
        _algorithmSet = (delegate* unmanaged<nint, nint, int, void*, nuint, int>)Export("cusparseLtMatmulAlgSetAttribute");
        _algorithmGet = (delegate* unmanaged<nint, nint, int, void*, nuint, int>)Export("cusparseLtMatmulAlgGetAttribute");
        _algorithmDestroy = (delegate* unmanaged<nint, int>)Optional("cusparseLtMatmulAlgSelectionDestroy");
        _planInit = (delegate* unmanaged<nint, nint, nint, nint, int>)Export("cusparseLtMatmulPlanInit");
        _planDestroy = (delegate* unmanaged<nint, int>)Export("cusparseLtMatmulPlanDestroy");
        _workspace = (delegate* unmanaged<nint, nint, nuint*, int>)Export("cusparseLtMatmulGetWorkspace");
        _matmul = (delegate* unmanaged<nint, nint, void*, ulong, ulong, void*, ulong, ulong, ulong, nint*, int, int>)Export("cusparseLtMatmul");
        _search = (delegate* unmanaged<nint, nint, void*, ulong, ulong, void*, ulong, ulong, ulong, nint*, int, int>)Export("cusparseLtMatmulSearch");
        _compressedSize = (delegate* unmanaged<nint, nint, nuint*, nuint*, int>)Export("cusparseLtSpMMACompressedSize2");
        _compress = (delegate* unmanaged<nint, nint, int, int, ulong, ulong, ulong, nint, int>)Export("cusparseLtSpMMACompress2");
        Version = (1000 * Property(0)) + (100 * Property(1)) + Property(2);
        if (Version < LeastVersion)
        {
            throw new NMSparseNoCudaException(Title, string.Create(CultureInfo.InvariantCulture, $"{Path} is version {VersionText}, and 0.5.2 or newer is needed"));
        }
    }

    /// <summary>1000 · major + 100 · minor + patch.</summary>
    public int Version { get; }

    /// <summary>"0.8.1".</summary>
    public string VersionText => string.Create(CultureInfo.InvariantCulture, $"{Version / 1000}.{Version / 100 % 10}.{Version % 100}");

    /// <summary>Initialises a handle: of one thread, for the device that is current.</summary>
    public void Init(nint handle) => Check(_init(handle), "cusparseLtInit");

    /// <summary>Gives a handle back.</summary>
    public int Destroy(nint handle) => _destroy(handle);

    /// <summary>Describes the 2:4 operand [rows, columns], row-major, groups along its rows.</summary>
    public void InitStructured(nint handle, nint matrix, long rows, long columns, CudaType type) => Check(
        _structuredInit(handle, matrix, rows, columns, columns, 16, CudaTypeCode.Of(type), RowOrder, HalfSparse),
        "cusparseLtStructuredDescriptorInit",
        $"[{rows}, {columns}] {type}");

    /// <summary>Describes a dense matrix without gaps.</summary>
    public void InitDense(nint handle, nint matrix, long rows, long columns, bool rowMajor, CudaType type) => Check(
        _denseInit(handle, matrix, rows, columns, rowMajor ? columns : rows, 16, CudaTypeCode.Of(type), rowMajor ? RowOrder : ColumnOrder),
        "cusparseLtDenseDescriptorInit",
        $"[{rows}, {columns}] {type}");

    /// <summary>Gives a matrix's description back.</summary>
    public int DestroyMatrix(nint matrix) => _matrixDestroy(matrix);

    /// <summary>Describes the product D = A Bᵀ with fp32 sums, or int32 sums of int8.</summary>
    public void InitMatmul(nint handle, nint matmul, nint a, nint b, nint d, CudaType type) => Check(
        _matmulInit(handle, matmul, NoTranspose, Transpose, a, b, d, d, type == CudaType.I8 ? Compute32I : Compute32F),
        "cusparseLtMatmulDescriptorInit",
        type.ToString());

    /// <summary>Lets the product add a bias to every row of D, and apply relu.</summary>
    public void SetEpilogue(nint handle, nint matmul, ulong bias, bool relu)
    {
        if (bias != 0)
        {
            Check(_matmulSet(handle, matmul, BiasPointer, &bias, sizeof(ulong)), "cusparseLtMatmulDescSetAttribute", "bias");
        }

        if (relu)
        {
            int on = 1;
            Check(_matmulSet(handle, matmul, ActivationRelu, &on, sizeof(int)), "cusparseLtMatmulDescSetAttribute", "relu");
        }
    }

    /// <summary>Makes the selection of an algorithm.</summary>
    public void InitAlgorithm(nint handle, nint selection, nint matmul) =>
        Check(_algorithmInit(handle, selection, matmul, DefaultAlgorithm), "cusparseLtMatmulAlgSelectionInit");

    /// <summary>Reads one property of the selection.</summary>
    public int Get(nint handle, nint selection, AlgorithmAttribute attribute)
    {
        int value;
        Check(_algorithmGet(handle, selection, (int)attribute, &value, sizeof(int)), "cusparseLtMatmulAlgGetAttribute", attribute.ToString());
        return value;
    }

    /// <summary>Writes one property of the selection.</summary>
    public void Set(nint handle, nint selection, AlgorithmAttribute attribute, int value) =>
        Check(_algorithmSet(handle, selection, (int)attribute, &value, sizeof(int)), "cusparseLtMatmulAlgSetAttribute", $"{attribute} = {value}");

    /// <summary>Gives a selection back, which versions from 0.8.0 on want.</summary>
    public int DestroyAlgorithm(nint selection) => _algorithmDestroy == null ? 0 : _algorithmDestroy(selection);

    /// <summary>Makes a plan.</summary>
    public void InitPlan(nint handle, nint plan, nint matmul, nint selection, string what) =>
        Check(_planInit(handle, plan, matmul, selection), "cusparseLtMatmulPlanInit", what);

    /// <summary>Gives a plan back.</summary>
    public int DestroyPlan(nint plan) => _planDestroy(plan);

    /// <summary>Bytes that the plan needs beside its operands.</summary>
    public long Workspace(nint handle, nint plan)
    {
        nuint bytes;
        Check(_workspace(handle, plan, &bytes), "cusparseLtMatmulGetWorkspace");
        return (long)bytes;
    }

    /// <summary>Computes D; with <paramref name="search"/> with every algorithm, keeping the fastest in the plan.</summary>
    public void Matmul(nint handle, nint plan, ulong compressed, ulong dense, ulong output, ulong workspace, nint stream, bool search, string what)
    {
        float alpha = 1, beta = 0;
        var run = search ? _search : _matmul;
        Check(
            run(handle, plan, &alpha, compressed, dense, &beta, output, output, workspace, &stream, 1),
            search ? "cusparseLtMatmulSearch" : "cusparseLtMatmul",
            what);
    }

    /// <summary>Bytes of the compressed operand, and of what compressing needs beside it.</summary>
    public (long Compressed, long Buffer) CompressedSize(nint handle, nint matrix)
    {
        nuint compressed, buffer;
        Check(_compressedSize(handle, matrix, &compressed, &buffer), "cusparseLtSpMMACompressedSize2");
        return ((long)compressed, (long)buffer);
    }

    /// <summary>Compresses the 2:4 operand.</summary>
    public void Compress(nint handle, nint matrix, ulong dense, ulong compressed, ulong buffer, nint stream) =>
        Check(_compress(handle, matrix, 1, NoTranspose, dense, compressed, buffer, stream), "cusparseLtSpMMACompress2");

    /// <inheritdoc/>
    protected override (string CodeName, string WayOut, bool IsOutOfMemory) Explain(int code) => (
        code >= 0 && code < s_statusNames.Length ? s_statusNames[code] : $"cusparseStatus {code}",
        code switch
        {
            AllocFailed or InsufficientResources => "The GPU has too little free memory: use a smaller batch, or free what other models hold.",
            4 or 10 => "cuSPARSELt does not run this on this GPU: BIMASK_KERNEL=dense runs the masked product instead.",
            _ => "BIMASK_KERNEL=dense runs without cuSPARSELt.",
        },
        code is AllocFailed or InsufficientResources);

    private int Property(int which)
    {
        int value;
        Check(_getProperty(which, &value), "cusparseLtGetProperty");
        return value;
    }
}

/// <summary>cusparseLtMatmulAlgAttribute_t: what makes an algorithm.</summary>
internal enum AlgorithmAttribute
{
    /// <summary>Which one.</summary>
    Id = 0,

    /// <summary>How many there are.</summary>
    MaxId = 1,

    /// <summary>How often the search times each.</summary>
    SearchIterations = 2,

    /// <summary>Into how many parts the contraction is cut.</summary>
    SplitK = 3,

    /// <summary>How the parts are summed.</summary>
    SplitKMode = 4,

    /// <summary>Buffers for the parts.</summary>
    SplitKBuffers = 5,
}
