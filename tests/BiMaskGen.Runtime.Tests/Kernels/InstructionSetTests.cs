using System.Runtime.Intrinsics;
using BiMaskGen.Kernels.Cpu;
using Xunit;

namespace BiMaskGen.Runtime.Tests.Kernels;

[Collection(KernelSettings.Name)]
public class InstructionSetTests
{
    /// <summary>What <c>.ci/run</c> took from the process: avx512 or all vectors; not set means nothing.</summary>
    private const string Variable = "BIMASK_TEST_WITHOUT";

    [Fact]
    public void WhatWasSwitchedOffIsOff()
    {
        int widest = Environment.GetEnvironmentVariable(Variable) switch
        {
            null or "" => 512,
            "avx512" => 256,
            "vectors" => 32,
            string other => throw new InvalidOperationException($"{Variable}={other}: expected avx512 or vectors."),
        };
        Assert.InRange(VectorWidth.Bits, 32, widest);
        Assert.False(widest < 512 && Vector512.IsHardwareAccelerated);
        Assert.False(widest < 128 && Vector128.IsHardwareAccelerated);
    }
}
