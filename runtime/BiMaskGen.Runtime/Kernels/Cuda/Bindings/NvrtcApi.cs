using System.Runtime.InteropServices;
using System.Text;

namespace BiMaskGen.Kernels.Cuda;

/// <summary>NVRTC: CUDA C++ to a cubin.</summary>
internal sealed unsafe class NvrtcApi : NativeApi
{
    private const int OutOfMemory = 1;
    private const int CompilationError = 6;

    private readonly delegate* unmanaged<int*, int*, int> _version;
    private readonly delegate* unmanaged<int, byte*> _getErrorString;
    private readonly delegate* unmanaged<nint*, byte*, byte*, int, byte**, byte**, int> _createProgram;
    private readonly delegate* unmanaged<nint*, int> _destroyProgram;
    private readonly delegate* unmanaged<nint, int, byte**, int> _compileProgram;
    private readonly delegate* unmanaged<nint, nuint*, int> _getCubinSize;
    private readonly delegate* unmanaged<nint, byte*, int> _getCubin;
    private readonly delegate* unmanaged<nint, nuint*, int> _getLogSize;
    private readonly delegate* unmanaged<nint, byte*, int> _getLog;

    /// <summary>Binds the functions.</summary>
    public NvrtcApi(FoundLibrary library) : base(library)
    {
        _version = (delegate* unmanaged<int*, int*, int>)Export("nvrtcVersion");
        _getErrorString = (delegate* unmanaged<int, byte*>)Export("nvrtcGetErrorString");
        _createProgram = (delegate* unmanaged<nint*, byte*, byte*, int, byte**, byte**, int>)Export("nvrtcCreateProgram");
        _destroyProgram = (delegate* unmanaged<nint*, int>)Export("nvrtcDestroyProgram");
        _compileProgram = (delegate* unmanaged<nint, int, byte**, int>)Export("nvrtcCompileProgram");
        _getCubinSize = (delegate* unmanaged<nint, nuint*, int>)Export("nvrtcGetCUBINSize");
        _getCubin = (delegate* unmanaged<nint, byte*, int>)Export("nvrtcGetCUBIN");
        _getLogSize = (delegate* unmanaged<nint, nuint*, int>)Export("nvrtcGetProgramLogSize");
        _getLog = (delegate* unmanaged<nint, byte*, int>)Export("nvrtcGetProgramLog");
    }

    /// <summary>The version: 1000 · major + 10 · minor, as the driver counts.</summary>
    public int Version()
    {
        int major, minor;
        Check(_version(&major, &minor), "nvrtcVersion");
        return Number(major, minor);
    }

    /// <summary>The version of a library that may turn out not to be wanted; 0 if it does not say.</summary>
    public static int VersionOf(nint library)
    {
        int major = 0, minor = 0;
        return NativeLibrary.TryGetExport(library, "nvrtcVersion", out nint export)
            && ((delegate* unmanaged<int*, int*, int>)export)(&major, &minor) == 0
            ? Number(major, minor)
            : 0;
    }

    /// <summary>Compiles a program.</summary>
    /// <param name="source">The source.</param>
    /// <param name="name">What the source is called in messages.</param>
    /// <param name="options">Options of the compiler.</param>
    /// <returns>The cubin.</returns>
    /// <exception cref="NMSparseCudaException">It does not compile; the log is in the message.</exception>
    public byte[] Compile(string source, string name, IReadOnlyList<string> options)
    {
        nint program = 0;
        fixed (byte* text = Utf8(source), title = Utf8(name))
        {
            Check(_createProgram(&program, text, title, 0, null, null), "nvrtcCreateProgram", name);
        }

        try
        {
            int code = Compile(program, options);
            if (code != 0)
            {
                throw Failure(code, "nvrtcCompileProgram", $"{name}, {string.Join(' ', options)}\n{Log(program)}");
            }

            nuint size;
            Check(_getCubinSize(program, &size), "nvrtcGetCUBINSize", name);
            byte[] cubin = new byte[checked((int)size)];
            fixed (byte* image = cubin)
            {
                Check(_getCubin(program, image), "nvrtcGetCUBIN", name);
            }

            return cubin;
        }
        finally
        {
            _ = _destroyProgram(&program);
        }
    }

    /// <inheritdoc/>
    protected override (string CodeName, string WayOut, bool IsOutOfMemory) Explain(int code) => (
        Text(_getErrorString(code)) ?? "an unknown error",
        code switch
        {
            CompilationError => "The kernels do not compile with this NVRTC: report the log above; BIMASK_KERNEL=dense runs without them.",
            5 => "This NVRTC does not know the GPU's architecture: a newer one is needed; BIMASK_CUDA_PATH names its folder.",
            _ => "Another NVRTC may work; BIMASK_CUDA_PATH names its folder.",
        },
        code == OutOfMemory);

    private static int Number(int major, int minor) => (1000 * major) + (10 * minor);

    private int Compile(nint program, IReadOnlyList<string> options)
    {
        // One buffer for all texts, so that they can be pinned together.
        byte[] texts = [.. options.SelectMany(Utf8)];
        byte** pointers = stackalloc byte*[options.Count];
        fixed (byte* text = texts)
        {
            byte* next = text;
            for (int i = 0; i < options.Count; i++)
            {
                pointers[i] = next;
                next += Encoding.UTF8.GetByteCount(options[i]) + 1;
            }

            return _compileProgram(program, options.Count, pointers);
        }
    }

    private string Log(nint program)
    {
        nuint size;
        if (_getLogSize(program, &size) != 0 || size <= 1)
        {
            return "";
        }

        byte[] log = new byte[checked((int)size)];
        fixed (byte* text = log)
        {
            return _getLog(program, text) == 0 ? Encoding.UTF8.GetString(log).TrimEnd('\0', '\n') : "";
        }
    }

    private static byte[] Utf8(string text) => [.. Encoding.UTF8.GetBytes(text), 0];
}
