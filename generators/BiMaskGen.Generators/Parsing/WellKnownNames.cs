namespace BiMaskGen.Generators.Parsing;

/// <summary>Metadata names that the parser looks for.</summary>
internal static class WellKnownNames
{
    public const string NMSparse = "BiMaskGen.NMSparseAttribute";
    public const string KeepDense = "BiMaskGen.KeepDenseAttribute";
    public const string SparseModel = "BiMaskGen.INMSparseModel";
    public const string Torch = "TorchSharp.torch";
    public const string Nn = "TorchSharp.torch+nn";
    public const string Functional = "TorchSharp.torch+nn+functional";
    public const string Tensor = "TorchSharp.torch+Tensor";
    public const string Module = "TorchSharp.torch+nn+Module";
    public const string ModuleOfOne = "TorchSharp.torch+nn+Module`2";
    public const string Linear = "TorchSharp.Modules.Linear";
    public const string Conv1d = "TorchSharp.Modules.Conv1d";
    public const string Conv2d = "TorchSharp.Modules.Conv2d";
    public const string ComponentName = "TorchSharp.Utils.ComponentNameAttribute";
}
