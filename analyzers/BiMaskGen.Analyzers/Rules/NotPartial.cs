using System.Collections.Immutable;
using System.Linq;
using BiMaskGen.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace BiMaskGen.Analyzers.Rules;

/// <summary>NMS011: the class cannot be given its emitted part.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NotPartial : ModelRule
{
    private static readonly DiagnosticDescriptor Descriptor = Descriptors.Warning(
        RuleIds.NotPartial,
        "The class is not partial",
        "'{0}' trains sparse, but has no sparsity report and keeps no mask state in checkpoints: {1}",
        "What a model says about its sparse layers is emitted as another part of the class, so it and the types around it have to be partial.");

    private protected override DiagnosticDescriptor Rule => Descriptor;

    private protected override void Check(ModelCheck check)
    {
        INamedTypeSymbol type = check.Model.Type;
        if (check.Model.IsCovered || AnnotatedClass.CanBeReopened(type, check.Cancellation))
        {
            return;
        }

        bool fileLocal = AnnotatedClass.IsFileLocal(type);
        string remedy = fileLocal
            ? "a file-local type cannot have a part in another file, so remove 'file'"
            : "make " + string.Join(" and ", AnnotatedClass.ClosedTypes(type, check.Cancellation).Select(static t => $"'{t.Name}'")) + " partial";
        remedy += check.Model.ReachOptions is null ? "" : "; until then Reach = Children covers nothing";
        ImmutableDictionary<string, string?> properties = FixData.With(FixData.CanBePartial, fileLocal ? null : "");
        check.Report(Diagnostic.Create(Descriptor, check.ClassName, properties, type.Name, remedy));
    }
}
