using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using BiMaskGen.CodeFixes.Edits;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace BiMaskGen.CodeFixes;

/// <summary>One way to mend what a rule reports.</summary>
/// <param name="Key">The same for the same way at every place; fix-all takes one of them.</param>
/// <param name="Title">What the editor shows.</param>
internal readonly record struct Choice(string Key, string Title);

/// <summary>A fix: what can be done about a diagnostic, and the edit. One place or a whole solution is the same edit over one or many.</summary>
public abstract class RuleFix : CodeFixProvider
{
    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => EditFixAll.Instance;

    /// <inheritdoc/>
    public sealed override Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        Solution solution = context.Document.Project.Solution;
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            foreach (Choice choice in Choices(diagnostic))
            {
                context.RegisterCodeFix(
                    CodeAction.Create(choice.Title, cancellation => ApplyAsync(solution, [diagnostic], choice.Key, cancellation), choice.Key),
                    diagnostic);
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>The solution with all diagnostics mended that offer this choice.</summary>
    internal async Task<Solution> ApplyAsync(Solution solution, ImmutableArray<Diagnostic> diagnostics, string key, CancellationToken cancellation)
    {
        SolutionEdit edit = new(solution);
        ImmutableArray<Diagnostic> mended = [.. diagnostics.Where(diagnostic => Choices(diagnostic).Any(choice => choice.Key == key))];
        await EditAsync(edit, mended, key, cancellation).ConfigureAwait(false);
        return await edit.ApplyAsync(cancellation).ConfigureAwait(false);
    }

    private protected abstract IEnumerable<Choice> Choices(Diagnostic diagnostic);

    private protected abstract Task EditAsync(
        SolutionEdit edit, ImmutableArray<Diagnostic> diagnostics, string key, CancellationToken cancellation);
}
