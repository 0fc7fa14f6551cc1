using System.Globalization;
using BiMaskGen.Generators.Parsing;
using Microsoft.CodeAnalysis.CSharp;

namespace BiMaskGen.Generators.Emission;

/// <summary>Names and literals that emitted code uses.</summary>
internal static class Names
{
    public const string Namespace = Interceptors.Namespace;
    public const string Tensor = "global::TorchSharp.torch.Tensor";
    public const string TensorModule = "global::TorchSharp.torch.nn.Module<" + Tensor + ", " + Tensor + ">";

    /// <summary>Who emitted a type or member.</summary>
    public static string Generated { get; } =
        $"[global::System.CodeDom.Compiler.GeneratedCode(\"BiMaskGen.Generators\", \"{typeof(Names).Assembly.GetName().Version.ToString(3)}\")]";

    /// <summary>Who emitted a type, and that completion lists should not offer it.</summary>
    public static string TypeAttributes { get; } = $$"""
        {{Generated}}
        [global::System.ComponentModel.EditorBrowsable(global::System.ComponentModel.EditorBrowsableState.Never)]
        """;

    public static string Text(string value) => SymbolDisplay.FormatLiteral(value, quote: true);

    public static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    public static string OrNull(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "null";
}
