using BiMaskGen.Kernels.Cuda;
using BiMaskGen.Runtime.Tests.Checkpoints;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Cuda;

public sealed class LibrarySearchTests
{
    [Theory]
    [InlineData("NVRTC", "libnvrtc.so.12", false, true)]
    [InlineData("NVRTC", "libnvrtc-2bb82d1a.so.12", false, true)]
    [InlineData("NVRTC", "libnvrtc.so", false, true)]
    [InlineData("NVRTC", "libnvrtc-builtins.so.12.8", false, false)]
    [InlineData("NVRTC", "libnvrtc.alt.so.12", false, false)]
    [InlineData("NVRTC", "nvrtc64_120_0.dll", true, true)]
    [InlineData("NVRTC", "nvrtc64_120_0.alt.dll", true, false)]
    [InlineData("NVRTC", "nvrtc-builtins64_128.dll", true, false)]
    [InlineData("cuSPARSELt", "libcusparseLt-0bb86669.so.0", false, true)]
    [InlineData("cuSPARSELt", "libcusparseLt.so.0.8.1.1", false, true)]
    [InlineData("cuSPARSELt", "libcusparse.so.12", false, false)]
    [InlineData("cuSPARSELt", "cusparseLt.dll", true, true)]
    [InlineData("cuBLASLt", "libcublasLt-10b5e663.so.12", false, true)]
    [InlineData("cuBLASLt", "libcublas.so.12", false, false)]
    [InlineData("cuBLASLt", "CUBLASLT64_13.DLL", true, true)]
    [InlineData("CUDA driver", "libcuda.so.1", false, true)]
    [InlineData("CUDA driver", "libcudart.so.12", false, false)]
    [InlineData("CUDA driver", "nvcuda.dll", true, true)]
    [InlineData("libtorch", "libtorch_cpu.so", false, true)]
    [InlineData("libtorch", "libtorch_cuda.so", false, false)]
    public void AFileIsALibraryByItsName(string title, string file, bool windows, bool expected) =>
        Assert.Equal(expected, LibraryName.All.Single(l => l.Title == title).Matches(file, windows));

    [Fact]
    public void TheOrderOfPlacesIsTheOneThatIsDocumented()
    {
        using TempFolder folder = new();
        FoundLibrary found = LibrarySearch.Find(LibraryName.CusparseLt, folder["nowhere"], _ => "is not wanted");
        Assert.Null(found.Path);
        Assert.Equal(0, found.Handle);
        string[] places = [.. found.Trace.Select(t => t.Place).Distinct()];
        Assert.Equal([LibraryFolders.Variable, "loaded module", "TorchSharp", "system", "pip"], places);
        Assert.Contains(found.Trace, t => t.Path == folder["nowhere"] && t.Outcome == LibraryAttempt.Absent);
    }

    [Fact]
    public void AFileThatDoesNotLoadIsSaidToAndTheSearchGoesOn()
    {
        using TempFolder folder = new();
        string file = folder.Write(LibraryName.CublasLt.Names[0], "no library"u8.ToArray());
        FoundLibrary found = LibrarySearch.Find(LibraryName.CublasLt, Path.GetDirectoryName(file), _ => "is not wanted");
        LibraryAttempt first = found.Trace[0];
        Assert.Equal(file, first.Path);
        Assert.StartsWith("does not load", first.Outcome, StringComparison.Ordinal);
        Assert.True(found.Trace.Count > 1);
    }

    [Fact]
    public void WithoutADriverThereIsOneClearReason()
    {
        if (LibrarySearch.Find(LibraryName.Driver).Path is not null)
        {
            return; // A machine with a driver: FakeCuda and gpu-check have the rest.
        }

        (CudaRuntime? runtime, string reason) = CudaRuntime.TryCreate(null);
        Assert.Null(runtime);
        Assert.Contains("no CUDA driver was found", reason, StringComparison.Ordinal);
        NMSparseNoCudaException error = Assert.Throws<NMSparseNoCudaException>(() => CudaRuntime.Current("Demo.fc on cuda:0"));
        Assert.Contains("Demo.fc on cuda:0", error.Message, StringComparison.Ordinal);
        Assert.Contains("bimask doctor", error.Message, StringComparison.Ordinal);
        Assert.Contains(LibraryFolders.Variable, error.Message, StringComparison.Ordinal);
    }
}

[Collection(FakeCudaCollection.Name)]
public sealed class FoundLibraryTests(FakeCuda fake)
{
    [NativeFact]
    public void AFolderThatIsNamedComesFirst()
    {
        FoundLibrary found = LibrarySearch.Find(LibraryName.Nvrtc, $"{Path.GetTempPath()}nowhere{Path.PathSeparator}{fake.Libraries}");
        Assert.Equal(Path.Combine(fake.Libraries, "libnvrtc-0123abcd.so.12"), found.Path);
        Assert.NotEqual(0, found.Handle);
        Assert.Equal([LibraryAttempt.Absent, LibraryAttempt.Loaded], found.Trace.Select(t => t.Outcome));
    }

    [NativeFact]
    public void AFileCanBeNamedToo()
    {
        string file = Path.Combine(fake.Libraries, "libcublasLt.so.12");
        Assert.Equal(file, LibrarySearch.Find(LibraryName.CublasLt, file).Path);
    }

    [NativeFact]
    public void ALibraryThatIsRefusedIsPassedOver()
    {
        FoundLibrary found = LibrarySearch.Find(LibraryName.Nvrtc, fake.Libraries, _ => "is too new");
        Assert.Null(found.Path);
        Assert.Equal("is too new", found.Trace[0].Outcome);
    }

    [NativeFact]
    public void AGpuThatIsNotThereIsSaidToBe()
    {
        using (CudaRuntime runtime = fake.Open(devices: 2))
        {
            Assert.Equal("Fake H200", runtime.Device(1).Name);
            Assert.Contains("the driver knows of 2", Assert.Throws<NMSparseNoCudaException>(() => runtime.Device(2)).Message, StringComparison.Ordinal);
        }

        fake.AssertClean();
    }

    [NativeFact]
    public void ADriverWithoutGpusIsNoCuda() =>
        Assert.Equal("the CUDA driver knows of no GPU", fake.TryOpen(devices: 0).Reason);
}
