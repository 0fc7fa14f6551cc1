using System.Runtime.InteropServices;
using System.Text;
using BiMaskGen.Kernels.Cuda;
using BiMaskGen.Runtime.Tests.Checkpoints;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Cuda;

/// <summary>The objects that the fake library counts; in its order.</summary>
internal enum FakeKind
{
    Context,
    Memory,
    HostMemory,
    Module,
    Stream,
    Event,
    Program,
    BlasHandle,
    BlasDescription,
    BlasLayout,
    BlasPreference,
    SparseHandle,
    SparseMatrix,
    SparseSelection,
    SparsePlan,
}

/// <summary>Tests that use the fake library run alone: it counts for the process, and kernel modes are settings of the process.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class FakeCudaCollection : ICollectionFixture<FakeCuda>
{
    public const string Name = "fake CUDA";
}

/// <summary>A library that stands in for the driver, NVRTC, cuBLASLt, cuSPARSELt and libtorch's C shim, under all their names in one folder.</summary>
public sealed unsafe class FakeCuda : IDisposable
{
    private static readonly string[] s_names = ["libcuda.so.1", "libnvrtc-0123abcd.so.12", "libcublasLt.so.12", "libcusparseLt-89abcdef.so.0", "libtorch_cpu.so", "libtorch_cuda.so"];

    private readonly TempFolder _folder = new();
    private readonly nint _library;

    public FakeCuda()
    {
        if (NativeCompiler.Host is null)
        {
            return;
        }

        string[] sources = [.. Directory.GetFiles(NativeCompiler.Sources, "fake*.cpp").Order(StringComparer.Ordinal)];
        NativeCompiler.BuildLibrary(_folder["libfake.so"], [.. sources, "-ldl", "-lpthread"]);
        Directory.CreateDirectory(Libraries);
        Directory.CreateDirectory(_folder["programs"]);
        foreach (string name in s_names)
        {
            File.CreateSymbolicLink(Path.Combine(Libraries, name), _folder["libfake.so"]);
        }

        _library = NativeLibrary.Load(_folder["libfake.so"]);
        var setup = (delegate* unmanaged<byte*, byte*, byte*, void>)Export("fake_setup");
        fixed (byte* folder = Utf8(_folder["programs"]), compiler = Utf8(NativeCompiler.Host), shim = Utf8(NativeCompiler.Sources))
        {
            setup(folder, compiler, shim);
        }
    }

    /// <summary>The folder of the libraries.</summary>
    internal string Libraries => _folder["cuda"];

    /// <summary>Where compiled kernels are kept.</summary>
    internal string CacheFolder => _folder["cache"];

    /// <summary>What was done that the real libraries do not allow.</summary>
    internal string Violations
    {
        get
        {
            byte[] text = new byte[4096];
            fixed (byte* buffer = text)
            {
                _ = ((delegate* unmanaged<byte*, int, int>)Export("fake_violations"))(buffer, text.Length);
            }

            return Encoding.UTF8.GetString(text).TrimEnd('\0');
        }
    }

    /// <summary>The functions that were called since the reset.</summary>
    internal string[] Called
    {
        get
        {
            byte[] text = new byte[1 << 14];
            fixed (byte* buffer = text)
            {
                _ = ((delegate* unmanaged<byte*, int, int>)Export("fake_called"))(buffer, text.Length);
            }

            return Encoding.UTF8.GetString(text).TrimEnd('\0').Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
    }

    /// <summary>CUDA over the fake library, which has forgotten all calls and failures.</summary>
    internal CudaRuntime Open(int devices = 1)
    {
        (CudaRuntime? runtime, string reason) = TryOpen(devices);
        Assert.True(runtime is not null, reason);
        return runtime;
    }

    internal (CudaRuntime? Runtime, string Reason) TryOpen(int devices)
    {
        Reset();
        ((delegate* unmanaged<int, void>)Export("fake_devices"))(devices);
        return CudaRuntime.TryCreate(Libraries, new CubinCache(CacheFolder));
    }

    internal void Reset() => ((delegate* unmanaged<void>)Export("fake_reset"))();

    /// <summary>Empties the cache of compiled kernels, in which other tests' kernels lie too.</summary>
    internal void ForgetKernels()
    {
        if (Directory.Exists(CacheFolder))
        {
            Directory.Delete(CacheFolder, recursive: true);
        }
    }

    /// <summary>Lets a function fail once, after some calls that do not.</summary>
    internal void Fail(string function, long after, int code)
    {
        fixed (byte* name = Utf8(function))
        {
            ((delegate* unmanaged<byte*, long, int, void>)Export("fake_fail"))(name, after, code);
        }
    }

    /// <summary>Sets the stream that torch works on, on this thread.</summary>
    internal void SetStream(nint stream) => ((delegate* unmanaged<nint, void>)Export("fake_set_stream"))(stream);

    /// <summary>Lets kernels that are started do nothing, without a word, after some that do.</summary>
    internal void SkipLaunches(int count, int after = 0) => ((delegate* unmanaged<int, int, void>)Export("fake_skip_launches"))(count, after);

    /// <summary>What the GPU and cuSPARSELt say of themselves, until the next reset: 10 · major + minor, and 1000 · major + 100 · minor + patch.</summary>
    internal void Machine(int capability, int sparseVersion) => ((delegate* unmanaged<int, int, void>)Export("fake_machine"))(capability, sparseVersion);

    /// <summary>Lets events seem to lie ahead: whoever asks hears that the GPU has not come that far, and whoever waits has waited.</summary>
    internal void SetBusy(bool busy) => ((delegate* unmanaged<int, void>)Export("fake_busy"))(busy ? 1 : 0);

    /// <summary>Lets allocations of more bytes fail as if the GPU were full.</summary>
    internal void LimitMemory(long bytes) => ((delegate* unmanaged<nuint, void>)Export("fake_limit_memory"))((nuint)bytes);

    internal long Calls(string function)
    {
        fixed (byte* name = Utf8(function))
        {
            return (long)((delegate* unmanaged<byte*, nint>)Export("fake_calls"))(name);
        }
    }

    /// <summary>Copies, fills, kernels and products that a stream was given.</summary>
    internal long Work(nint stream) => (long)((delegate* unmanaged<nint, nint>)Export("fake_stream_work"))(stream);

    /// <summary>Objects that were made and not given back.</summary>
    internal string Live() => string.Join(", ", Enum.GetValues<FakeKind>()
        .Select(kind => (kind, count: (long)((delegate* unmanaged<int, nint>)Export("fake_live"))((int)kind)))
        .Where(l => l.count != 0)
        .Select(l => $"{l.count} {l.kind}"));

    /// <summary>Asserts that all was given back, and nothing done that is not allowed.</summary>
    internal void AssertClean()
    {
        // What a thread that has ended left behind is given back by finalizers.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Equal("", Live());
        Assert.Equal("", Violations);
    }

    public void Dispose()
    {
        // The library stays: function pointers to it may be waiting for finalizers.
        _folder.Dispose();
    }

    private void* Export(string name) => (void*)NativeLibrary.GetExport(_library, name);

    private static byte[] Utf8(string text) => [.. Encoding.UTF8.GetBytes(text), 0];
}
