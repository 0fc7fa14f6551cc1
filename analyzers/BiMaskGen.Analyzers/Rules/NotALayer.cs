using System.Collections.Generic;
using System.Linq;
using System.Threading;
using BiMaskGen.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace BiMaskGen.Analyzers.Rules;

/// <summary>NMS019: the member that carries an attribute holds nothing that the attribute could mean.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NotALayer : AttributeRule
{
    private static readonly DiagnosticDescriptor Descriptor = Descriptors.Error(
        RuleIds.NotALayer,
        "The member is no layer that the attribute can be about",
        "[{0}] has no meaning on '{1}': {2}",
        "[NMSparse] on a member needs an instance field or auto-property that always holds a Linear, Conv1d or Conv2d, or such layers in a container; [KeepDense] one that holds a module or a collection of layers.");

    private protected override DiagnosticDescriptor Rule => Descriptor;

    private protected override void Check(AnnotatedSymbol target)
    {
        if (target.IsContradictory || target.Known is not { } known || target.Symbol is INamedTypeSymbol || TypeOf(target.Symbol) is not { } type
            || type.TypeKind == TypeKind.Error
            || AnnotatedClass.ProblemOf(target.Symbol.ContainingType, known) != ClassProblem.None)
        {
            return; // Another rule's case, or the compiler's.
        }

        ModuleMember? member = ModuleMember.From(target.Symbol, known, target.Cancellation);
        if (target.KeepDense is { } keepDense && member is null && LayerCollections.LayersOf(target.Symbol, known).Length == 0)
        {
            target.Report(
                Descriptor,
                keepDense,
                null,
                "KeepDense",
                target.Symbol.Name,
                "it is no instance field or auto-property that holds a module, or a collection of layers");
        }
        else if (target.Sparse is { } sparse && (member is null || !Content(member, known, target.Compilation, target.Cancellation).CanBeSparse))
        {
            target.Report(
                Descriptor,
                sparse,
                null,
                "NMSparse",
                target.Symbol.Name,
                "it is no instance field or auto-property that always holds a Linear, a convolution that can be sparse, or such layers in a container; declare it as such, or remove the attribute");
        }
        else if (target.KeepDense is { } named && member is { KeptElements.Count: > 0 }
            && WrongElement(member, Content(member, known, target.Compilation, target.Cancellation), known) is { } wrong)
        {
            target.Report(Descriptor, named, null, "KeepDense", target.Symbol.Name, wrong);
        }
    }

    /// <summary>Why the elements that <c>[KeepDense]</c> names are none; null where they are, or where only the run tells.</summary>
    private static string? WrongElement(ModuleMember member, LayerContent content, KnownTypes known)
    {
        if (content.Container is not { } container)
        {
            return "it holds no elements to name; write [KeepDense]";
        }

        string[]? layers = container.Elements?.Where(element => known.IsLayer(element.Type)).Select(static element => element.Path).ToArray();
        return member.KeptElements.FirstOrDefault(name => layers?.Contains(name) == false) is { } missing
            ? $"the {container.Kind} has no layer '{missing}'; it has {string.Join(", ", layers!.Select(static name => $"'{name}'"))}"
            : null;
    }

    private static ITypeSymbol? TypeOf(ISymbol symbol) => (symbol as IFieldSymbol)?.Type ?? (symbol as IPropertySymbol)?.Type;

    private static LayerContent Content(ModuleMember member, KnownTypes known, Compilation compilation, CancellationToken cancellation)
    {
        ClassCode code = new(member.Symbol.ContainingType, compilation, cancellation);
        Assignments assignments = new(code, new HashSet<string> { member.Symbol.Name }, cancellation);
        LinearFactory factory = new(known, code, new IntegerReader(compilation, cancellation), cancellation);
        return new LayerReader(known, assignments, factory, new ContainerReader(known, code, factory, cancellation)).Read(member);
    }
}
