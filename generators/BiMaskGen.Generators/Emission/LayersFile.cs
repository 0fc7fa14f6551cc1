using System.Collections.Generic;
using System.Globalization;
using BiMaskGen.Generators.Model;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.Generators.Emission;

/// <summary>Emits one autograd function per sparse layer, with what is known at compile time baked in.</summary>
internal static class LayersFile
{
    public static void Emit(SourceProductionContext output, ModelSpec model)
    {
        if (model.Layers.Count == 0)
        {
            return;
        }

        CodeWriter code = new();
        code.Blank();
        code.Lines($"namespace {Names.Namespace};");
        foreach (LayerSpec layer in model.Layers)
        {
            code.Blank();
            Layer(code, layer);
        }

        code.AddTo(output, model.HintName + ".NMSparse.g.cs");
    }

    private static void Layer(CodeWriter code, LayerSpec layer)
    {
        PatternSpec pattern = PatternSpec.Of(layer.Options);
        code.Lines(Comment(layer));
        code.Lines(Names.TypeAttributes);
        using CodeWriter.Block type = code.Open(
            $"internal sealed class {layer.FunctionName} : SparseFunction<{layer.FunctionName}, {pattern.EmittedName}>, ISparseLinear");
        LayerOptions.Emit(code, layer);
    }

    private static string Comment(LayerSpec layer)
    {
        SparseOptions o = layer.Options;
        IEnumerable<string> facts =
        [
            .. Shape(layer.Kind!, layer.Shape, o),
            layer.Shape.HasBias switch { true => "bias", false => "no bias", null => "bias unknown" },
            $"{o.N}:{o.M}",
            o.Method,
            .. LayerOptions.Facts(o),
        ];
        return $"// {layer.DisplayName}: {layer.Kind}, {string.Join(", ", facts)}";
    }

    /// <summary>What the source says of a layer's shape.</summary>
    public static IEnumerable<string> Shape(string kind, LinearShape s, SparseOptions o) => kind == "Linear"
        ? ["in_features " + Known(s.InFeatures), "out_features " + Known(s.OutFeatures)]
        :
        [
            "in_channels " + Known(s.InFeatures),
            "out_channels " + Known(s.OutFeatures),
            "kernel entries " + Known(s.Taps),
            o.ConvGrouping == SparseOptions.Channels ? "groups along channels" : "groups along the flattened kernel",
        ];

    private static string Known(int? value) => value is { } known ? known.ToString(CultureInfo.InvariantCulture) : "unknown";
}
