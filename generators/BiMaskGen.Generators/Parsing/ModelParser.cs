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
        List<ContainerSpec> containers = [];
        List<DenseLayerSpec> dense = [];
        List<ChildSpec> children = [];
        foreach (ReadMember read in reading.Members)
        {
            ModuleMember member = read.Member;
            children.AddRange(LayerSpecs.Children(read, type, known));
            if (read.DenseReason is { } reason)
            {
                dense.Add(new DenseLayerSpec(member.ComponentName, reason));
            }
            else if (read.IsSparse && read.Content.IsLinear)
            {
                layers.Add(LayerSpecs.Of(read, type));
            }
            else if (read.IsSparse)
            {
                containers.Add(LayerSpecs.OfContainer(read, type, known));
                dense.AddRange(LayerSpecs.DenseElements(read, known));
            }
        }

        PartialSpec? partial = AnnotatedClass.PartialOf(type, known, cancellation);

        // Without a part of its own the class has no place to say which instances are its own: an analyzer reports that.
        ReachedClasses reached = partial is { OverridesRegistration: true } ? ReachedClasses.From(reading, cancellation) : ReachedClasses.None;
        ModelSpec model = new(
            metadataName, displayName, hintName, partial, new(layers), new(containers), ReachReader.Read(reading, reached), new(dense), new(children));
        CallSiteReader calls = new(known, reading.Code, new LayerSpecs(reading, reached, cancellation), cancellation);
        return new ParsedModel(
            model, calls.Read(Identifiers.ClassName(type), displayName), new(reached.All.Select(covered => ReachReader.Calls(covered, reading, cancellation))));
    }

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
