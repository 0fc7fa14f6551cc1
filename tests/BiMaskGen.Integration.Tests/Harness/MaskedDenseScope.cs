namespace BiMaskGen.Integration.Tests.Harness;

/// <summary>Sends sparse layers through torch's own operators until it is disposed.</summary>
internal sealed class MaskedDenseScope : IDisposable
{
    private readonly KernelModeScope _mode = new(KernelMode.Torch);

    public void Dispose() => _mode.Dispose();
}
