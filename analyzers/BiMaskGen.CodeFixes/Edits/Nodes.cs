using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.CodeFixes.Edits;

/// <summary>Finds the syntax that a diagnostic points at.</summary>
internal static class Nodes
{
    /// <summary>The innermost node of a kind at a location, with its document; null where the location is in no document of the solution.</summary>
    public static async Task<(Document Document, T Node)?> AtAsync<T>(SolutionEdit edit, Location location, CancellationToken cancellation)
        where T : SyntaxNode
    {
        if (edit.Document(location.SourceTree) is not { } document
            || await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false) is not { } root
            || !root.FullSpan.Contains(location.SourceSpan))
        {
            return null;
        }

        T? node = root.FindNode(location.SourceSpan, getInnermostNodeForTie: true).FirstAncestorOrSelf<T>();
        return node is null ? null : (document, node);
    }
}
