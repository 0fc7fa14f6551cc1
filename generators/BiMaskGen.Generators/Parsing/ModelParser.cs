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
            || !IsTrigger(context, AnnotatedClass.Trigger(type, known))
            || ModelReading.Of(type, compilation, known, cancellation) is not { } reading)
        {
            return null;
        }

        string displayName = Identifiers.DisplayName(type);
        string metadataName = Identifiers.MetadataName(type);
        string hintName = Identifiers.HintName(type);

        List<LayerSpec> layers = [];
        List<DenseLayerSpec> dense = [];
        List<ChildSpec> children = [];
        Dictionary<ISymbol, LayerSpec> bySymbol = new(SymbolEqualityComparer.Default);
        foreach (ReadMember read in reading.Members)
        {
            ModuleMember member = read.Member;
            children.Add(new ChildSpec(
                member.ComponentName, Identifiers.ManifestName(read.Content.Type), IsPacked(read, known) ? read.Options : null, read.Content.Shape));
            if (read.DenseReason is { } reason)
            {
                dense.Add(new DenseLayerSpec(member.ComponentName, reason));
            }
            else if (read.IsSparse)
            {
                string name = member.Symbol.Name;
                LayerSpec layer = new(
                    Identifiers.Escape(name),
                    member.ComponentName,
                    $"{type.Name}_{name}_{Identifiers.Hash(metadataName + "." + name)}",
                    displayName + "." + name,
                    read.Options!,
                    read.Content.Shape)
                {
                    Kind = read.Content.Type.Name,
                };
                layers.Add(layer);
                bySymbol.Add(member.Symbol, layer);
            }
        }

        PartialSpec? partial = AnnotatedClass.PartialOf(type, known, cancellation);
        ModelSpec model = new(metadataName, displayName, hintName, partial, new(layers), new(dense), new(children));
        CallSiteReader calls = new(known, reading.Code, bySymbol, cancellation);
        return new ParsedModel(model, calls.Read($"{type.Name}_{Identifiers.Hash(metadataName)}", displayName));
    }

    /// <summary>Whether tools pack the weight: packed checkpoints have matrices, so a convolution's stays dense in them and gets its masks in the run.</summary>
    private static bool IsPacked(ReadMember read, KnownTypes known) => read.IsSparse && !known.IsConvolution(read.Content.Type);

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
