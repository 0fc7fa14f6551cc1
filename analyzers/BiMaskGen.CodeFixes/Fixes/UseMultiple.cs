using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using BiMaskGen.Analyzers;
using BiMaskGen.CodeFixes.Edits;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace BiMaskGen.CodeFixes.Fixes;

/// <summary>NMS002, NMS003 and NMS004: writes the next multiple where the number stands that decides a shape.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(UseMultiple)), Shared]
public sealed class UseMultiple : RuleFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds =>
        [RuleIds.InFeaturesRemainder, RuleIds.OutFeaturesRemainder, RuleIds.TensorCoreShape];

    private protected override IEnumerable<Choice> Choices(Diagnostic diagnostic)
    {
        foreach (string direction in new[] { FixData.Down, FixData.Up })
        {
            if (FixData.Numbers(diagnostic, direction) is { Length: > 0 } numbers)
            {
                yield return new Choice(direction, "Use " + string.Join(" and ", numbers));
            }
        }
    }

    private protected override async Task EditAsync(
        SolutionEdit edit, ImmutableArray<Diagnostic> diagnostics, string key, CancellationToken cancellation)
    {
        foreach (Diagnostic diagnostic in diagnostics)
        {
            foreach ((Location place, string number) in FixData.Literals(diagnostic).Zip(FixData.Numbers(diagnostic, key), static (place, number) => (place, number)))
            {
                if (await Nodes.AtAsync<LiteralExpressionSyntax>(edit, place, cancellation).ConfigureAwait(false) is var (document, literal))
                {
                    edit.Replace(document, literal.Span, number + Suffix(literal.Token.Text));
                }
            }
        }
    }

    /// <summary>The L of 50L, which the expression's type may hang on.</summary>
    private static string Suffix(string literal) => literal.Substring(literal.TrimEnd('l', 'L', 'u', 'U').Length);
}
