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
using Microsoft.CodeAnalysis.Text;

namespace BiMaskGen.CodeFixes.Fixes;

/// <summary>NMS002, NMS003, NMS004, NMS007 and NMS010: marks the layer <c>[KeepDense]</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(KeepDense)), Shared]
public sealed class KeepDense : RuleFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds =>
        [RuleIds.InFeaturesRemainder, RuleIds.OutFeaturesRemainder, RuleIds.TensorCoreShape, RuleIds.StaysDense, RuleIds.TooSmall];

    private protected override IEnumerable<Choice> Choices(Diagnostic diagnostic) =>
        FixData.DenseMembers(diagnostic).Any() ? [new Choice(nameof(KeepDense), "Keep it dense: [KeepDense]")] : [];

    private protected override async Task EditAsync(
        SolutionEdit edit, ImmutableArray<Diagnostic> diagnostics, string key, CancellationToken cancellation)
    {
        // By declaration: one can hold several layers, and has to be split between those that stay dense and those that do not.
        Dictionary<MemberDeclarationSyntax, (Document Document, HashSet<TextSpan> Names)> declarations = [];
        foreach (Location member in diagnostics.SelectMany(FixData.DenseMembers))
        {
            if (await Nodes.AtAsync<MemberDeclarationSyntax>(edit, member, cancellation).ConfigureAwait(false) is var (document, declaration))
            {
                if (!declarations.TryGetValue(declaration, out (Document Document, HashSet<TextSpan> Names) entry))
                {
                    declarations.Add(declaration, entry = (document, []));
                }

                entry.Names.Add(member.SourceSpan);
            }
        }

        foreach (KeyValuePair<MemberDeclarationSyntax, (Document Document, HashSet<TextSpan> Names)> pair in declarations)
        {
            (Document document, HashSet<TextSpan> names) = pair.Value;
            string attribute = await AttributeName(document, pair.Key.SpanStart, cancellation).ConfigureAwait(false);
            edit.Replace(document, pair.Key.FullSpan, DenseMembers.Mark(pair.Key, names, attribute));
        }
    }

    /// <summary>What the attribute is called at a place: a part of the class in another file may not import its namespace.</summary>
    private static async Task<string> AttributeName(Document document, int position, CancellationToken cancellation)
    {
        SemanticModel? model = await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false);
        bool imported = model is not null && model.LookupNamespacesAndTypes(position, name: "KeepDenseAttribute").Length == 1;
        return imported ? "KeepDense" : "BiMaskGen.KeepDense";
    }
}
