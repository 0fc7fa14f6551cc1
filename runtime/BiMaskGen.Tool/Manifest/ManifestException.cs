namespace BiMaskGen.Tool.Manifest;

/// <summary>What a model consists of cannot be read from its assembly.</summary>
internal sealed class ManifestException(string message, Exception? inner = null) : NMSparseException(message, inner);
