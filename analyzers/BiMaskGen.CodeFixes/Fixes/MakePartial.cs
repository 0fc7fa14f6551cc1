using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using System.Threading;
using BiMaskGen.Analyzers;
using BiMaskGen.CodeFixes.Edits;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace BiMaskGen.CodeFixes.Fixes;

/// <summary>NMS011: makes a class and the types around it partial.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MakePartial)), Shared]
public sealed class MakePartial : NodeFix<TypeDeclarationSyntax>
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => [RuleIds.NotPartial];

    private protected override IEnumerable<Choice> Choices(Diagnostic diagnostic) =>
        FixData.Value(diagnostic, FixData.CanBePartial) is not null ? [new Choice(nameof(MakePartial), "Make it partial")] : [];

    private protected override void Edit(
        SolutionEdit edit, Document document, TypeDeclarationSyntax node, Diagnostic diagnostic, SemanticModel model, CancellationToken cancellation)
    {
        foreach (TypeDeclarationSyntax closed in node.AncestorsAndSelf().OfType<TypeDeclarationSyntax>()
            .Where(static type => !type.Modifiers.Any(SyntaxKind.PartialKeyword)))
        {
            edit.Insert(document, closed.Keyword.SpanStart, "partial ");
        }
    }
}
