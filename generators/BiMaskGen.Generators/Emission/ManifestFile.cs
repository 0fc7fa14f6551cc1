using System.Globalization;
using BiMaskGen.Generators.Model;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.Generators.Emission;

/// <summary>Emits assembly attributes that say which member of which class is sparse, for tools that read the compiled assembly.</summary>
internal static class ManifestFile
{
    public static void Emit(SourceProductionContext output, EquatableArray<ModelSpec> models)
    {
        if (models.Count == 0)
        {
            return;
        }

        CodeWriter code = new();
        code.Blank();
        foreach (ModelSpec model in models)
        {
            foreach (ChildSpec child in model.Children)
            {
                string member = $"{Names.Text(model.MetadataName)}, {Names.Text(child.ComponentName)}, {Names.Text(child.Type)}";
                code.Lines($"[assembly: global::BiMaskGen.NMSparseMember({member}{Sparse(child)})]");
            }
        }

        code.AddTo(output, "Manifest.g.cs");
    }

    private static string Sparse(ChildSpec child) => child.Options is not { } options
        ? ""
        : string.Format(
            CultureInfo.InvariantCulture,
            ", N = {0}, M = {1}, Method = global::BiMaskGen.SparseMethod.{2}, InFeatures = {3}, OutFeatures = {4}",
            options.N,
            options.M,
            options.Method,
            child.Shape.InFeatures ?? 0,
            child.Shape.OutFeatures ?? 0);
}
