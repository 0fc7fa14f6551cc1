using System.Collections.Generic;
using System.Linq;
using System.Threading;
using BiMaskGen.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace BiMaskGen.Analyzers.Rules;

/// <summary>NMS007: a layer with weights that the attribute over the class does not reach.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class StaysDense : ModelRule
{
    private static readonly DiagnosticDescriptor Descriptor = Descriptors.Info(
        RuleIds.StaysDense,
        "A layer of a sparse class stays dense",
        "{0} stays dense: {1}; mark it [KeepDense] if that is meant",
        "[NMSparse] on a class rewrites its Linear, Conv1d and Conv2d members. Other layers with weights keep training dense.");

    private protected override DiagnosticDescriptor Rule => Descriptor;

    private protected override void Check(ModelCheck check)
    {
        foreach (ReadMember member in check.Model.Members)
        {
            // An attribute of the member's own on what is no Linear is another rule's case.
            bool meant = member.IsSparse || member.Options is null || member.Member.KeepDense is not null || member.Member.Sparse is not null;
            if (!meant && Reason(member, check.Model, check.Cancellation) is { } reason)
            {
                Location name = member.Name(check.Cancellation);
                check.Report(FixData.KeepDense(Descriptor, name, name, Members.Quoted(member.Member.Symbol), reason));
            }
            else if (member.IsSparse && member.Content.Container?.Elements is { } elements)
            {
                CheckElements(check, member, elements);
            }
        }

        if (check.Model.IsCovered || KnownTypes.Attribute(check.Model.Type, check.Model.Known.SparseAttribute) is not null)
        {
            CheckCollections(check);
        }
    }

    /// <summary>The elements of a sparse container that cannot be sparse.</summary>
    private static void CheckElements(ModelCheck check, ReadMember member, IReadOnlyList<ContainerElement> elements)
    {
        Location name = member.Name(check.Cancellation);
        foreach (ContainerElement element in elements)
        {
            string? kind = element.Type is not { } type ? null
                : element.DenseReason ?? (LayerKinds.Describe(type) is { } described ? $"{type.Name} is {described}" : null);
            if (kind is not null && !member.Member.KeptElements.Contains(element.Path))
            {
                check.Report(Diagnostic.Create(Descriptor, name, Members.Quoted(member.Member.Symbol, element.Path), kind));
            }
        }
    }

    private static void CheckCollections(ModelCheck check)
    {
        KnownTypes known = check.Model.Known;
        foreach ((ISymbol member, string[] layers) in LayerCollections.In(check.Model.Type, known))
        {
            if (KnownTypes.Attribute(member, known.KeepDenseAttribute) is null && KnownTypes.Attribute(member, known.SparseAttribute) is null)
            {
                Location name = Members.Name(member, check.Cancellation);
                check.Report(FixData.KeepDense(Descriptor, name, name, Members.Quoted(member), NotRewritten(LayerCollections.TypeName(member), layers)));
            }
        }
    }

    private static string NotRewritten(string container, string[] layers) =>
        $"layers inside a {container} ({string.Join(", ", layers)}) are not rewritten";

    private static string? Reason(ReadMember member, ModelReading model, CancellationToken cancellation)
    {
        ITypeSymbol type = member.Content.Type;
        return LayerKinds.Describe(type) is { } kind ? $"{type.Name} is {kind}"
            : member.DenseReason ?? (Inside(member, model, cancellation) is { Length: > 0 } layers
                ? NotRewritten(type.Name, layers)
                : null);
    }

    /// <summary>The kinds of layers that a container of TorchSharp's holds.</summary>
    private static string[] Inside(ReadMember member, ModelReading model, CancellationToken cancellation)
    {
        KnownTypes known = model.Known;
        ITypeSymbol type = member.Content.Type;
        if (type is not INamedTypeSymbol { Name: "Sequential" or "ModuleList" or "ModuleDict" } container
            || !KnownTypes.IsTorchLayer(type))
        {
            return [];
        }

        LinearFactory factory = model.Factory(cancellation);
        IEnumerable<ITypeSymbol> made = member.Assigned
            .Select(value => factory.Read(value).Operation)
            .SelectMany(static operation => operation?.DescendantsAndSelf() ?? [])
            .OfType<IInvocationOperation>()
            .Where(call => KnownTypes.Same(call.TargetMethod.ContainingType, known.Nn))
            .Select(static call => call.TargetMethod.ReturnType);
        return [.. container.TypeArguments.Concat(made)
            .Where(layer => known.IsLayer(layer) || LayerKinds.Describe(layer) is not null)
            .Select(static layer => layer.Name)
            .Distinct()];
    }
}
