using System.Collections.Immutable;
using BiMaskGen.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace BiMaskGen.Analyzers;

/// <summary>A rule: one id, and what it looks at in a compilation that knows the attributes.</summary>
public abstract class RuleAnalyzer : DiagnosticAnalyzer
{
    // The compiler asks again and again.
    private ImmutableArray<DiagnosticDescriptor> _supported;

    private protected abstract DiagnosticDescriptor Rule { get; }

    /// <summary>
    /// The same rule at a higher severity, for a rule that a project's properties can raise. It has to be declared: a build does not run a rule of
    /// which it knows nothing above information.
    /// </summary>
    private protected virtual DiagnosticDescriptor? Raised => null;

    /// <inheritdoc/>
    public sealed override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics =>
        _supported.IsDefault ? _supported = Raised is { } raised ? [Rule, raised] : [Rule] : _supported;

    /// <inheritdoc/>
    public sealed override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
        {
            if (start.Compilation.GetTypeByMetadataName(WellKnownNames.NMSparse) is not null)
            {
                Register(start, Models.Of(start.Compilation));
            }
        });
    }

    private protected abstract void Register(CompilationStartAnalysisContext start, Models models);
}
