namespace BiMaskGen.Integration.Tests.Reference;

/// <summary>The activation behind a layer of a reference model.</summary>
internal enum Act
{
    None,
    Relu,
    Gelu,
    Silu,
}
