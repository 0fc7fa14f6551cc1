using BiMaskGen.Generated;

namespace BiMaskGen.Integration.Tests.Harness;

/// <summary>Sends sparse layers through torch's own operators until it is disposed.</summary>
internal sealed class MaskedDenseScope : IDisposable
{
    public MaskedDenseScope() => MaskedDenseGlue.Forced = true;

    public void Dispose() => MaskedDenseGlue.Forced = false;
}
