using BiMaskGen.Kernels.Cuda;
using BiMaskGen.Runtime.Tests.Checkpoints;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Cuda;

public sealed class CubinCacheTests
{
    [Fact]
    public void WhatIsKeptComesBack()
    {
        using TempFolder folder = new();
        CubinCache cache = new(folder["kernels"]);
        byte[] cubin = [1, 2, 3, 4, 5];
        Assert.Null(cache.TryRead("key"));
        Assert.True(cache.TryWrite("key", cubin));
        Assert.Equal(cubin, cache.TryRead("key"));
        Assert.True(cache.TryWrite("key", [6]));
        Assert.Equal([6], cache.TryRead("key"));
        Assert.Null(cache.TryRead("another"));
    }

    [Fact]
    public void ADamagedFileCountsAsAbsent()
    {
        using TempFolder folder = new();
        CubinCache cache = new(folder["kernels"]);
        Assert.True(cache.TryWrite("key", [1, 2, 3, 4, 5]));
        byte[] whole = File.ReadAllBytes(cache.PathOf("key"));
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(cache.PathOf("key"), whole[..length]);
            Assert.Null(cache.TryRead("key"));
        }

        for (int at = 0; at < whole.Length; at++)
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= 0x10;
            File.WriteAllBytes(cache.PathOf("key"), damaged);
            Assert.Null(cache.TryRead("key"));
        }
    }

    [Fact]
    public void AFolderThatCannotBeWrittenIsNoError()
    {
        using TempFolder folder = new();
        CubinCache cache = new(Path.Combine(folder.Write("file", [1]), "kernels"));
        Assert.False(cache.TryWrite("key", [1]));
        Assert.Null(cache.TryRead("key"));
    }

    [Fact]
    public void KeysTellAllPartsApart()
    {
        string[] keys =
        [
            CubinCache.Key("source", "-DNMS_N=2", "driver 1"), CubinCache.Key("source", "-DNMS_N=1", "driver 1"), CubinCache.Key("source", "-DNMS_N=2", "driver 2"),
            CubinCache.Key("sourc", "e-DNMS_N=2", "driver 1"), CubinCache.Key("source-DNMS_N=2", "driver 1"),
        ];
        Assert.Equal(keys.Length, keys.Distinct().Count());
    }
}

[Collection(FakeCudaCollection.Name)]
public sealed class KernelModulesTests(FakeCuda fake)
{
    private static readonly KernelVariant s_variant = KernelVariant.ColumnSums(CudaType.F16);

    [NativeFact]
    public void AKernelIsCompiledOnceForAllProcesses()
    {
        fake.ForgetKernels();
        Load(expectedCompilations: 1);
        Load(expectedCompilations: 0);
    }

    [NativeFact]
    public void ADamagedEntryIsCompiledAnew()
    {
        fake.ForgetKernels();
        Load(expectedCompilations: 1);
        File.WriteAllBytes(Entry(), [.. File.ReadAllBytes(Entry())[..^3], 1, 2, 3]);
        Load(expectedCompilations: 1);
        Load(expectedCompilations: 0);
    }

    [NativeFact]
    public void AnEntryThatTheDriverRefusesIsCompiledAnew()
    {
        fake.ForgetKernels();
        Load(expectedCompilations: 1);
        new CubinCache(fake.CacheFolder).TryWrite(Path.GetFileNameWithoutExtension(Entry()), "no cubin"u8);
        Load(expectedCompilations: 1);
        Load(expectedCompilations: 0);
    }

    [NativeFact]
    public void WhatDoesNotCompileBringsTheCompilersLog()
    {
        using (CudaRuntime runtime = fake.Open())
        {
            KernelVariant broken = new("column_sums", "NMS_T=7");
            NMSparseCudaException error = Assert.Throws<NMSparseCudaException>(() => runtime.Device(0).Kernels.Get(broken));
            Assert.Equal("NVRTC_ERROR_COMPILATION", error.CodeName);
            Assert.Contains("NMS_T=7", error.Message, StringComparison.Ordinal);
            Assert.Contains("error:", error.Message, StringComparison.Ordinal);
        }

        fake.AssertClean();
    }

    private void Load(int expectedCompilations)
    {
        using (CudaRuntime runtime = fake.Open())
        {
            runtime.Device(0).Kernels.Get(s_variant);
            runtime.Device(0).Kernels.Get(s_variant);
            Assert.Equal(expectedCompilations, fake.Calls("nvrtcCompileProgram"));
        }

        fake.AssertClean();
    }

    private string Entry() => Assert.Single(Directory.GetFiles(fake.CacheFolder, "*.cubin"));
}
