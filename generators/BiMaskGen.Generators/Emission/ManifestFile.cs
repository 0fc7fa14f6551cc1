using System.Collections.Generic;
using System.Globalization;
using BiMaskGen.Generators.Model;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.Generators.Emission;

/// <summary>Emits assembly attributes that say which member of which class is sparse, for tools that read the compiled assembly.</summary>
internal static class ManifestFile
{
    private const string SequentialType = "TorchSharp.Modules.Sequential";

    public static void Emit(SourceProductionContext output, EquatableArray<ModelSpec> models)
    {
        if (models.Count == 0)
        {
            return;
        }

        CodeWriter code = new();
        code.Blank();
        HashSet<string> reached = [];
        foreach (ModelSpec model in models)
        {
            foreach (ChildSpec child in model.Children)
            {
                // Elsewhere nothing could make the member sparse, or raise the question what is in it.
                bool says = child.StaysDense && (model.Reach is not null || child.Type == SequentialType);
                string dense = says ? ", StaysDense = true" : "";
                Member(code, model.MetadataName, child.ComponentName, child.Type, Sparse(child.Options, child.Shape) + dense);
            }

            if (model.Reach is { } reach)
            {
                Member(code, model.MetadataName, "", "", Sparse(reach.Layer.Options, LinearShape.Unknown) + ", Reach = global::BiMaskGen.SparseReach.Children");
                Reached(code, reach, reached);
            }
        }

        code.AddTo(output, "Manifest.g.cs");
    }

    /// <summary>The members of classes that models reach, each class once: what they become, the model above says.</summary>
    private static void Reached(CodeWriter code, ReachSpec reach, HashSet<string> emitted)
    {
        foreach (ReachedSpec type in reach.Classes)
        {
            foreach (ChildSpec child in emitted.Add(type.MetadataName) ? type.Children : default)
            {
                Member(code, type.MetadataName, child.ComponentName, child.Type, ", Reached = true" + (child.StaysDense ? ", StaysDense = true" : ""));
            }
        }
    }

    private static void Member(CodeWriter code, string model, string component, string type, string facts) =>
        code.Lines($"[assembly: global::BiMaskGen.NMSparseMember({Names.Text(model)}, {Names.Text(component)}, {Names.Text(type)}{facts})]");

    private static string Sparse(SparseOptions? options, LinearShape shape) => options is null
        ? ""
        : string.Format(
            CultureInfo.InvariantCulture,
            ", N = {0}, M = {1}, Method = global::BiMaskGen.SparseMethod.{2}, InFeatures = {3}, OutFeatures = {4}",
            options.N,
            options.M,
            options.Method,
            shape.InFeatures ?? 0,
            shape.OutFeatures ?? 0);
}
