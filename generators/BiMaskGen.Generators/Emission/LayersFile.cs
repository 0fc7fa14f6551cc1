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
            $"internal sealed class {layer.FunctionName} : SparseFunction<{layer.FunctionName}, {pattern.FullTypeName}>, ISparseLinear");
        Options(code, layer);
    }

    private static void Options(CodeWriter code, LayerSpec layer)
    {
        SparseOptions o = layer.Options;
        LinearShape s = layer.Shape;
        code.Lines(string.Format(
            CultureInfo.InvariantCulture,
            """
            public static global::BiMaskGen.Training.SparseLayerOptions Options {{ get; }} = new()
            {{
                Name = {0}, Pattern = new({1}, {2}), Method = global::BiMaskGen.SparseMethod.{3},
                InFeatures = {4}, OutFeatures = {5}, HasBias = {6},
                Decay = {7}, PermuteEvery = {8}, Search = global::BiMaskGen.PermutationSearch.{9}, SearchCandidates = {10}, Seed = {11},
                Mvue = {12},
            }};
            """,
            Names.Text(layer.DisplayName),
            o.N,
            o.M,
            o.Method,
            Names.OrNull(s.InFeatures),
            Names.OrNull(s.OutFeatures),
            s.HasBias switch { true => "true", false => "false", null => "null" },
            Names.Number(o.Decay),
            o.PermuteEvery,
            o.Search,
            o.SearchCandidates,
            o.Seed,
            o.Mvue ? "true" : "false"));
    }

    private static string Comment(LayerSpec layer)
    {
        SparseOptions o = layer.Options;
        LinearShape s = layer.Shape;
        IEnumerable<string> facts =
        [
            "in_features " + Known(s.InFeatures),
            "out_features " + Known(s.OutFeatures),
            s.HasBias switch { true => "bias", false => "no bias", null => "bias unknown" },
            $"{o.N}:{o.M}",
            o.Method,
            "decay " + Names.Number(o.Decay),
            o.Search switch
            {
                "Identity" => "no permutation",
                "PaperRandom" => $"permutation by PaperRandom of {o.SearchCandidates} candidates every {o.PermuteEvery} steps",
                _ => $"permutation by {o.Search} every {o.PermuteEvery} steps",
            },
            .. o.Mvue ? (string[])["dW from a sample of the gradient"] : [],
        ];
        return $"// {layer.DisplayName}: Linear, {string.Join(", ", facts)}";
    }

    private static string Known(int? value) => value is { } known ? known.ToString(CultureInfo.InvariantCulture) : "unknown";
}
