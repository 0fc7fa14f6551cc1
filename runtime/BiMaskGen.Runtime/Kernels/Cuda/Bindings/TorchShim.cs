using System.Globalization;

namespace BiMaskGen.Kernels.Cuda;

/// <summary>
/// libtorch's C shim: TorchSharp's tensors are its handles. Everything it is asked for is there from libtorch 2.10 on, which TorchSharp 0.106 and newer
/// bring; streams are in the part of libtorch that knows CUDA.
/// </summary>
internal sealed unsafe class TorchShim : ICudaTensors
{
    private const int CudaDevice = 1;

    private readonly Core _core;
    private readonly Cuda _cuda;

    private TorchShim(Core core, Cuda cuda) => (_core, _cuda) = (core, cuda);

    /// <summary>The shim of the libtorch that this process has loaded: handles of one libtorch mean nothing to another.</summary>
    /// <exception cref="NMSparseNoCudaException">No libtorch with CUDA is loaded, or one without the shim.</exception>
    public static TorchShim Open() => Open(LibrarySearch.FindLoaded(LibraryName.Torch), LibrarySearch.FindLoaded(LibraryName.TorchCuda));

    /// <summary>The shim of given libraries.</summary>
    internal static TorchShim Open(FoundLibrary torch, FoundLibrary cuda) => new(new Core(torch), new Cuda(cuda));

    /// <inheritdoc/>
    public CudaTensor Read(string layer, string what, nint handle)
    {
        int device = _core.Int(_core.DeviceType, handle, "aoti_torch_get_device_type");
        if (device != CudaDevice)
        {
            throw new NMSparseTypeException(layer, $"{what} is not on a GPU: move model and input to one device with .to(device).");
        }

        int code = _core.Int(_core.DType, handle, "aoti_torch_get_dtype");
        CudaType type = TorchTypes.ToCuda(code) ?? throw new NMSparseTypeException(
            layer, string.Create(CultureInfo.InvariantCulture, $"{what} is of torch's type {code}: the CUDA kernels take float32, bfloat16 and float16."));
        (int rows, int columns) = Shape(layer, what, handle);
        return new CudaTensor(_core.Pointer(handle), type, _core.Int(_core.DeviceIndex, handle, "aoti_torch_get_device_index"), rows, columns);
    }

    /// <inheritdoc/>
    public long Version(nint handle) => _core.Version(handle);

    /// <inheritdoc/>
    public nint CurrentStream(int device) => _cuda.CurrentStream(device);

    private (int Rows, int Columns) Shape(string layer, string what, nint handle)
    {
        ReadOnlySpan<long> sizes = _core.Longs(_core.Sizes, handle, "aoti_torch_get_sizes"), strides = _core.Longs(_core.Strides, handle, "aoti_torch_get_strides");
        long expected = 1;
        for (int i = sizes.Length - 1; i >= 0; i--)
        {
            // The stride of a dimension of one entry is never used.
            if (sizes[i] != 1 && strides[i] != expected)
            {
                throw new NMSparseShapeException(
                    layer,
                    $"{what} [{Text(sizes)}] has the strides [{Text(strides)}]: the CUDA kernels take contiguous tensors; call .contiguous().");
            }

            expected *= Math.Max(sizes[i], 1);
        }

        long columns = sizes.IsEmpty ? 1 : sizes[^1], rows = 1;
        foreach (long size in sizes.IsEmpty ? sizes : sizes[..^1])
        {
            rows *= size;
        }

        return rows <= int.MaxValue && columns <= int.MaxValue
            ? ((int)rows, (int)columns)
            : throw new NMSparseShapeException(layer, $"{what} [{Text(sizes)}] has more rows or columns than {int.MaxValue}: split the batch.");
    }

    private static string Text(ReadOnlySpan<long> numbers) => string.Join(", ", numbers.ToArray());

    private abstract class Api(FoundLibrary library) : NativeApi(library)
    {
        protected override (string CodeName, string WayOut, bool IsOutOfMemory) Explain(int code) =>
            ("an error of libtorch", "libtorch has written what is wrong to the error output.", false);
    }

    private sealed class Core : Api
    {
        private readonly delegate* unmanaged<nint, void**, int> _dataPointer;
        private readonly delegate* unmanaged<nint, long*, int> _dimensions;
        private readonly delegate* unmanaged<nint, nint*, int> _newHandle;
        private readonly delegate* unmanaged<byte*, byte*, ulong*, int> _callDispatcher;

        public Core(FoundLibrary library) : base(library)
        {
            _dataPointer = (delegate* unmanaged<nint, void**, int>)Export("aoti_torch_get_data_ptr");
            _dimensions = (delegate* unmanaged<nint, long*, int>)Export("aoti_torch_get_dim");
            _newHandle = (delegate* unmanaged<nint, nint*, int>)Export("aoti_torch_new_tensor_handle");
            _callDispatcher = (delegate* unmanaged<byte*, byte*, ulong*, int>)Export("aoti_torch_call_dispatcher");
            DeviceType = (delegate* unmanaged<nint, int*, int>)Export("aoti_torch_get_device_type");
            DeviceIndex = (delegate* unmanaged<nint, int*, int>)Export("aoti_torch_get_device_index");
            DType = (delegate* unmanaged<nint, int*, int>)Export("aoti_torch_get_dtype");
            Sizes = (delegate* unmanaged<nint, long**, int>)Export("aoti_torch_get_sizes");
            Strides = (delegate* unmanaged<nint, long**, int>)Export("aoti_torch_get_strides");
        }

        public delegate* unmanaged<nint, int*, int> DeviceType { get; }

        public delegate* unmanaged<nint, int*, int> DeviceIndex { get; }

        public delegate* unmanaged<nint, int*, int> DType { get; }

        public delegate* unmanaged<nint, long**, int> Sizes { get; }

        public delegate* unmanaged<nint, long**, int> Strides { get; }

        public int Int(delegate* unmanaged<nint, int*, int> function, nint tensor, string name)
        {
            int value;
            Check(function(tensor, &value), name);
            return value;
        }

        public ReadOnlySpan<long> Longs(delegate* unmanaged<nint, long**, int> function, nint tensor, string name)
        {
            long dimensions;
            long* numbers;
            Check(_dimensions(tensor, &dimensions), "aoti_torch_get_dim");
            Check(function(tensor, &numbers), name);
            return new ReadOnlySpan<long>(numbers, (int)dimensions);
        }

        public ulong Pointer(nint tensor)
        {
            void* pointer;
            Check(_dataPointer(tensor, &pointer), "aoti_torch_get_data_ptr");
            return (ulong)pointer;
        }

        // The dispatcher takes over the handle that is its argument, and leaves the result in its place.
        public long Version(nint tensor)
        {
            nint argument;
            Check(_newHandle(tensor, &argument), "aoti_torch_new_tensor_handle");
            ulong stack = (ulong)argument;
            fixed (byte* name = "aten::_version\0"u8, overload = "\0"u8)
            {
                Check(_callDispatcher(name, overload, &stack), "aoti_torch_call_dispatcher", "aten::_version");
            }

            return (long)stack;
        }
    }

    private sealed class Cuda : Api
    {
        private readonly delegate* unmanaged<int, void**, int> _currentStream;

        public Cuda(FoundLibrary library) : base(library) =>
            _currentStream = (delegate* unmanaged<int, void**, int>)Export("aoti_torch_get_current_cuda_stream");

        public nint CurrentStream(int device)
        {
            void* stream;
            Check(_currentStream(device, &stream), "aoti_torch_get_current_cuda_stream");
            return (nint)stream;
        }
    }
}
