using System.Linq;
using BiMaskGen.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace BiMaskGen.Analyzers.Rules;

/// <summary>NMS012: the project does not let the generated namespace intercept calls.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class InterceptorsDisabled : ModelRule
{
    private static readonly DiagnosticDescriptor Descriptor = Descriptors.Error(
        RuleIds.InterceptorsDisabled,
        "Interceptors are not enabled for the generated namespace",
        "The layer calls of '{0}' cannot be redirected: the project does not enable interceptors for "
        + Interceptors.Namespace + "; import BiMaskGen.props or add <InterceptorsNamespaces>$(InterceptorsNamespaces);"
        + Interceptors.Namespace + "</InterceptorsNamespaces>",
        "The compiler redirects calls only to namespaces that the project lists. The BiMaskGen package's MSBuild files list it.");

    private protected override DiagnosticDescriptor Rule => Descriptor;

    private protected override void Check(ModelCheck check)
    {
        ParseOptions options = check.Model.Sources[0].Declaration.SyntaxTree.Options;
        if (!check.Model.IsCovered && check.Model.SparseLayers.Any() && !Interceptors.AreEnabled(options))
        {
            check.Report(Diagnostic.Create(Descriptor, check.ClassName, check.Model.Type.Name));
        }
    }
}
