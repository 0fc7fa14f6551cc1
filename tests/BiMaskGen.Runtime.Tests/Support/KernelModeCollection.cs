using Xunit;

namespace BiMaskGen.Runtime.Tests.Support;

/// <summary>Tests that set the process-wide <see cref="KernelPolicy.Mode"/> do not run beside each other.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class KernelModeCollection
{
    public const string Name = "kernel mode";
}
