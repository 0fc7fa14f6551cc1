using System.Collections.Generic;
using System.Linq;
using BiMaskGen.Generators.Model;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.Generators.Emission;

/// <summary>Emits the autograd function of the layers that a model covers below itself, with what the source says of their classes.</summary>
internal static class ReachFile
{
    public static void Emit(SourceProductionContext output, ModelSpec model)
    {
        if (model.Reach is not { } reach)
        {
            return;
        }

        LayerSpec layer = reach.Layer;
        SparseOptions o = layer.Options;
        CodeWriter code = new();
        code.Blank();
        code.Lines($"namespace {Names.Namespace};");
        code.Blank();
        IEnumerable<string> facts = [$"{o.N}:{o.M}", o.Method, .. LayerOptions.Facts(o)];
        code.Lines($"// Below {layer.DisplayName}: {string.Join(", ", facts)}");
        code.Lines(Names.TypeAttributes);
        using (code.Open($"internal sealed class {layer.FunctionName} : ReachFunction<{layer.FunctionName}, {PatternSpec.Of(o).EmittedName}>, ISparseReach"))
        {
            LayerOptions.Emit(code, layer);
            code.Blank();
            code.Lines("public static global::System.Collections.Generic.IReadOnlyList<ReachedClass> Classes { get; } =");
            code.Lines("[");
            foreach (ReachedSpec reached in reach.Classes)
            {
                code.Lines($"    new({Names.Text(reached.MetadataName)}, sparse: [{Texts(reached.Sparse)}], dense: [{Texts(reached.Dense)}]),");
            }

            code.Lines("];");
        }

        code.AddTo(output, model.HintName + ".Reach.g.cs");
    }

    private static string Texts(IEnumerable<string> texts) => string.Join(", ", texts.Select(Names.Text));
}
