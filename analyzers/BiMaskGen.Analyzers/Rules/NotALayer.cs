using System.Collections.Generic;
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
        "[NMSparse] on a member needs an instance field or auto-property that always holds a Linear, Conv1d or Conv2d; [KeepDense] one that holds a module or a collection of layers.");

    private protected override DiagnosticDescriptor Rule => Descriptor;

    private protected override void Check(AnnotatedSymbol target)
    {
        bool both = target.Sparse is not null && target.KeepDense is not null;
        if (both || target.Known is not { } known || target.Symbol is INamedTypeSymbol || TypeOf(target.Symbol) is not { } type
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
        else if (target.Sparse is { } sparse && (member is null || !HoldsLinear(member, known, target.Compilation, target.Cancellation)))
        {
            target.Report(
                Descriptor,
                sparse,
                null,
                "NMSparse",
                target.Symbol.Name,
                "it is no instance field or auto-property that always holds a Linear, or a convolution that can be sparse; declare it as such, or remove the attribute");
        }
    }

    private static ITypeSymbol? TypeOf(ISymbol symbol) => (symbol as IFieldSymbol)?.Type ?? (symbol as IPropertySymbol)?.Type;

    private static bool HoldsLinear(ModuleMember member, KnownTypes known, Compilation compilation, CancellationToken cancellation)
    {
        ClassCode code = new(member.Symbol.ContainingType, compilation, cancellation);
        Assignments assignments = new(code, new HashSet<string> { member.Symbol.Name }, cancellation);
        LinearFactory factory = new(known, code, new IntegerReader(compilation, cancellation), cancellation);
        return new LayerReader(known, assignments, factory).Read(member).IsLinear;
    }
}
