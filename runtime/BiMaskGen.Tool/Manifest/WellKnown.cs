namespace BiMaskGen.Tool.Manifest;

/// <summary>TorchSharp's types as metadata names them.</summary>
internal static class WellKnown
{
    public const string Tensor = "TorchSharp.torch+Tensor";
    public const string Parameter = "TorchSharp.Modules.Parameter";
    public const string Module = "TorchSharp.torch+nn+Module";
    public const string ModuleList = "TorchSharp.Modules.ModuleList";
    public const string ModuleDict = "TorchSharp.Modules.ModuleDict";
    public const string Sequential = "TorchSharp.Modules.Sequential";
    public const string Linear = "TorchSharp.Modules.Linear";

    private const string Layers = "TorchSharp.Modules.";

    /// <summary>Whether the type holds modules that torch registers by name or number.</summary>
    public static bool IsContainer(string name) => name is Sequential or ModuleList or ModuleDict;

    /// <summary>Whether the type is one of TorchSharp's module classes.</summary>
    public static bool IsModule(string name) => name == Module || (name.StartsWith(Layers, StringComparison.Ordinal) && name != Parameter);
}
