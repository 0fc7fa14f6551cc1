using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace BiMaskGen.CodeFixes;

/// <summary>
/// Mends a document, a project or a solution in one edit. The stock provider makes one edit for each diagnostic and merges them as texts: it drops
/// one of two that split the same declaration.
/// </summary>
internal sealed class EditFixAll : FixAllProvider
{
    public static readonly EditFixAll Instance = new();

    public override IEnumerable<FixAllScope> GetSupportedFixAllScopes() => [FixAllScope.Document, FixAllScope.Project, FixAllScope.Solution];

    public override async Task<CodeAction?> GetFixAsync(FixAllContext fixAllContext)
    {
        ImmutableArray<Diagnostic> diagnostics = await Diagnostics(fixAllContext).ConfigureAwait(false);
        if (diagnostics.IsEmpty || fixAllContext.CodeActionEquivalenceKey is not { } key)
        {
            return null;
        }

        RuleFix fix = (RuleFix)fixAllContext.CodeFixProvider;
        return CodeAction.Create(key, cancellation => fix.ApplyAsync(fixAllContext.Solution, diagnostics, key, cancellation), key);
    }

    private static async Task<ImmutableArray<Diagnostic>> Diagnostics(FixAllContext context)
    {
        switch (context.Scope)
        {
            case FixAllScope.Document when context.Document is { } document:
                return await context.GetDocumentDiagnosticsAsync(document).ConfigureAwait(false);
            case FixAllScope.Project:
                return await context.GetAllDiagnosticsAsync(context.Project).ConfigureAwait(false);
            case FixAllScope.Solution:
                ImmutableArray<Diagnostic>[] all = await Task.WhenAll(context.Solution.Projects.Select(context.GetAllDiagnosticsAsync)).ConfigureAwait(false);
                return [.. all.SelectMany(static diagnostics => diagnostics)];
            default:
                return [];
        }
    }
}
