using System.Collections.Immutable;
using System.Threading;
using System.Threading.Tasks;
using BiMaskGen.CodeFixes.Edits;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.CodeFixes;

/// <summary>A fix that edits around the syntax that each diagnostic points at.</summary>
/// <typeparam name="TNode">The innermost syntax of this kind is the one.</typeparam>
public abstract class NodeFix<TNode> : RuleFix
    where TNode : SyntaxNode
{
    private protected sealed override async Task EditAsync(
        SolutionEdit edit, ImmutableArray<Diagnostic> diagnostics, string key, CancellationToken cancellation)
    {
        foreach (Diagnostic diagnostic in diagnostics)
        {
            if (await Nodes.AtAsync<TNode>(edit, diagnostic.Location, cancellation).ConfigureAwait(false) is var (document, node)
                && await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false) is { } model)
            {
                Edit(edit, document, node, diagnostic, model, cancellation);
            }
        }
    }

    private protected abstract void Edit(
        SolutionEdit edit, Document document, TNode node, Diagnostic diagnostic, SemanticModel model, CancellationToken cancellation);
}
