using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace BiMaskGen.CodeFixes.Edits;

/// <summary>
/// Changes of text in the documents of a solution, made all at once. What two diagnostics ask for alike is done once; of changes that overlap the
/// first stays, for its diagnostic was found first.
/// </summary>
internal sealed class SolutionEdit(Solution solution)
{
    private readonly Dictionary<DocumentId, List<TextChange>> _changes = [];

    /// <summary>The document that a syntax tree was made from; null for a tree that is not the solution's, such as an emitted one.</summary>
    public Document? Document(SyntaxTree? tree) => tree is null ? null : solution.GetDocument(tree);

    public void Replace(Document document, TextSpan span, string text)
    {
        if (!_changes.TryGetValue(document.Id, out List<TextChange>? changes))
        {
            _changes.Add(document.Id, changes = []);
        }

        if (!changes.Any(change => Overlap(change.Span, span)))
        {
            changes.Add(new TextChange(span, text));
        }
    }

    public void Insert(Document document, int position, string text) => Replace(document, new TextSpan(position, 0), text);

    public async Task<Solution> ApplyAsync(CancellationToken cancellation)
    {
        Solution changed = solution;
        foreach (KeyValuePair<DocumentId, List<TextChange>> pair in _changes)
        {
            SourceText text = await solution.GetDocument(pair.Key)!.GetTextAsync(cancellation).ConfigureAwait(false);
            changed = changed.WithDocumentText(pair.Key, text.WithChanges(pair.Value.OrderBy(static change => change.Span.Start)));
        }

        return changed;
    }

    // Two insertions at one place are one: no fix inserts two things there.
    private static bool Overlap(TextSpan left, TextSpan right) => left.OverlapsWith(right) || (left.IsEmpty && left == right);
}
