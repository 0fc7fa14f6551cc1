using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Threading;
using BiMaskGen.Analyzers;
using BiMaskGen.CodeFixes.Edits;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace BiMaskGen.CodeFixes.Fixes;

/// <summary>NMS013: removes an option from the attribute.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(DropOption)), Shared]
public sealed class DropOption : NodeFix<AttributeArgumentSyntax>
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => [RuleIds.ContradictingOptions];

    private protected override IEnumerable<Choice> Choices(Diagnostic diagnostic) =>
        FixData.Value(diagnostic, FixData.Option) is { } option ? [new Choice(nameof(DropOption), $"Drop {option}")] : [];

    private protected override void Edit(
        SolutionEdit edit, Document document, AttributeArgumentSyntax node, Diagnostic diagnostic, SemanticModel model, CancellationToken cancellation)
    {
        // With the comma before it: the two numbers come first.
        if (node.GetFirstToken().GetPreviousToken() is { RawKind: (int)SyntaxKind.CommaToken } comma)
        {
            edit.Replace(document, TextSpan.FromBounds(comma.SpanStart, node.Span.End), "");
        }
    }
}
