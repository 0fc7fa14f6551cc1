namespace BiMaskGen.Integration.Tests.Harness;

/// <summary>Sets the process-wide kernel mode until it is disposed.</summary>
internal sealed class KernelModeScope : IDisposable
{
    private readonly KernelMode _before = KernelPolicy.Mode;

    public KernelModeScope(KernelMode mode) => KernelPolicy.Mode = mode;

    public void Dispose() => KernelPolicy.Mode = _before;
}
