using System.Linq;
using BiMaskGen.Generators.Model;
using BiMaskGen.Generators.Parsing;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.Generators.Emission;

/// <summary>Emits one autograd function per container, which all its layers share; which layers those are the container itself says when it is called.</summary>
internal static class ContainersFile
{
    public static void Emit(SourceProductionContext output, ModelSpec model)
    {
        if (model.Containers.Count == 0)
        {
            return;
        }

        CodeWriter code = new();
        code.Blank();
        code.Lines($"namespace {Names.Namespace};");
        foreach (ContainerSpec container in model.Containers)
        {
            code.Blank();
            Container(code, container, marksAtCalls: model.Partial is not { OverridesRegistration: true } && container.Kind == ContainerReader.Sequential);
        }

        code.AddTo(output, model.HintName + ".Containers.g.cs");
    }

    private static void Container(CodeWriter code, ContainerSpec container, bool marksAtCalls)
    {
        LayerSpec layer = container.Layer;
        SparseOptions o = layer.Options;
        string facts = string.Join(", ", LayerOptions.Facts(o).Prepend(o.Method).Prepend($"{o.N}:{o.M}").Prepend("the layers of a " + container.Kind));
        code.Lines($"// {layer.DisplayName}: {facts}");
        foreach (ElementSpec element in container.Layers)
        {
            code.Lines($"// {element.ComponentName}: {string.Join(", ", LayersFile.Shape(element.Kind, element.Shape, o))}");
        }

        code.Lines(Names.TypeAttributes);
        using CodeWriter.Block type = code.Open(
            $"internal sealed class {layer.FunctionName} : SparseFunction<{layer.FunctionName}, {PatternSpec.Of(o).EmittedName}>, ISparseContainer");
        LayerOptions.Emit(code, layer);
        if (container.KeptDense.Count > 0)
        {
            code.Blank();
            code.Lines($"public static global::System.Collections.Generic.IReadOnlyList<string> KeptDense => [{string.Join(", ", container.KeptDense.Select(Names.Text))}];");
        }

        if (marksAtCalls)
        {
            code.Blank();
            code.Lines("public static bool MarksAtCalls => true;");
        }
    }
}
