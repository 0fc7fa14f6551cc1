using System.Runtime.CompilerServices;

namespace BiMaskGen.Integration.Tests;

/// <summary>Lets choices of kernels fall after a number of calls that tests can count.</summary>
internal static class NoWarmUp
{
    [ModuleInitializer]
    internal static void Set() => KernelPolicy.WarmUp = TimeSpan.Zero;
}
