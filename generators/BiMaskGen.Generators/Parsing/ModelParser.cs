using System.Collections.Generic;
using System.Linq;
using System.Threading;
using BiMaskGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace BiMaskGen.Generators.Parsing;

/// <summary>From an attribute's target to the data that the emitters need.</summary>
internal static class ModelParser
{
    public static bool IsCandidate(SyntaxNode node, CancellationToken cancellation) =>
        node is ClassDeclarationSyntax or VariableDeclaratorSyntax or PropertyDeclarationSyntax;

    /// <summary>The model, or null where the class is emitted for another attribute or not at all.</summary>
    public static ParsedModel? Parse(GeneratorAttributeSyntaxContext context, CancellationToken cancellation)
    {
        Compilation compilation = context.SemanticModel.Compilation;
        if ((context.TargetSymbol as INamedTypeSymbol ?? context.TargetSymbol.ContainingType) is not { TypeKind: TypeKind.Class } type
            || KnownTypes.From(compilation) is not { } known
            || !AnnotatedClass.IsEmitted(type, known)
            || !IsTrigger(context, AnnotatedClass.Trigger(type, known)))
        {
            return null;
        }

        IReadOnlyList<ClassSource> sources = Syntax.Declarations(type, compilation, cancellation);
        Assignments assignments = new(sources, cancellation);
        SparseOptions? classOptions = KnownTypes.Attribute(type, known.SparseAttribute) is { } own ? OptionsReader.Read(own) : null;
        string displayName = Identifiers.DisplayName(type);
        string metadataName = Identifiers.MetadataName(type);
        string hintName = Identifiers.HintName(type);

        List<LayerSpec> layers = [];
        List<DenseLayerSpec> dense = [];
        List<ChildSpec> children = [];
        Dictionary<ISymbol, LayerSpec> bySymbol = new(SymbolEqualityComparer.Default);
        foreach (ModuleMember member in ModuleMember.Of(type, known, cancellation))
        {
            SparseOptions? options = member.Sparse is { } attribute ? OptionsReader.Read(attribute) : classOptions;
            if (member.Sparse is not null && (member.KeepDense is not null || options is not { IsValid: true }))
            {
                continue; // An analyzer reports it as an error.
            }

            LayerContent content = LayerReader.Read(member, assignments, known, cancellation);
            string? reason = content.DenseReason ?? (content.IsLinear ? WhyDense(member, options) : null);
            bool sparse = content.IsLinear && reason is null;
            children.Add(new ChildSpec(
                member.ComponentName, Identifiers.ManifestName(content.Type), sparse ? options : null, content.Shape));
            if (reason is not null)
            {
                dense.Add(new DenseLayerSpec(member.ComponentName, reason));
            }
            else if (sparse)
            {
                string name = member.Symbol.Name;
                LayerSpec layer = new(
                    Identifiers.Escape(name),
                    member.ComponentName,
                    $"{type.Name}_{name}_{Identifiers.Hash(metadataName + "." + name)}",
                    displayName + "." + name,
                    options!,
                    content.Shape);
                layers.Add(layer);
                bySymbol.Add(member.Symbol, layer);
            }
        }

        PartialSpec? partial = AnnotatedClass.PartialOf(type, known, cancellation);
        ModelSpec model = new(metadataName, displayName, hintName, partial, new(layers), new(dense), new(children));
        CallSiteReader calls = new(known, bySymbol, cancellation);
        return new ParsedModel(model, calls.Read(sources, hintName, type.Name + "_Interceptors", displayName));
    }

    private static string? WhyDense(ModuleMember member, SparseOptions? options) =>
        member.KeepDense is not null ? "[KeepDense]" : options is null ? "not marked [NMSparse]" : null;

    /// <summary>Whether the attribute stands on the node that this transform was called for: a symbol can have several.</summary>
    private static bool IsTrigger(GeneratorAttributeSyntaxContext context, AttributeData? trigger)
    {
        if (trigger?.ApplicationSyntaxReference is not { } reference)
        {
            return false;
        }

        // One attribute list can stand over several variables; the first one speaks for all.
        SyntaxNode node = context.TargetNode;
        if (node is VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Parent: { } field } declaration })
        {
            if (declaration.Variables[0] != node)
            {
                return false;
            }

            node = field;
        }

        return reference.SyntaxTree == node.SyntaxTree && node.Span.Contains(reference.Span);
    }
}
