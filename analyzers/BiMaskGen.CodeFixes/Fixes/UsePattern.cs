using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Threading;
using BiMaskGen.Analyzers;
using BiMaskGen.CodeFixes.Edits;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace BiMaskGen.CodeFixes.Fixes;

/// <summary>NMS001 and NMS005: writes another pattern into the attribute.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(UsePattern)), Shared]
public sealed class UsePattern : NodeFix<AttributeSyntax>
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => [RuleIds.InvalidPattern, RuleIds.TensorCorePattern];

    private protected override IEnumerable<Choice> Choices(Diagnostic diagnostic) =>
        FixData.Value(diagnostic, FixData.Pattern) is { } pattern ? [new Choice(nameof(UsePattern), $"Use {pattern}")] : [];

    private protected override void Edit(
        SolutionEdit edit, Document document, AttributeSyntax node, Diagnostic diagnostic, SemanticModel model, CancellationToken cancellation)
    {
        string[] numbers = FixData.Value(diagnostic, FixData.Pattern)!.Split(':');
        int position = 0;
        foreach (AttributeArgumentSyntax argument in node.ArgumentList?.Arguments ?? default)
        {
            if (argument.NameEquals is null)
            {
                int number = argument.NameColon?.Name.Identifier.ValueText switch { "n" => 0, "m" => 1, _ => position };
                edit.Replace(document, argument.Expression.Span, numbers[number]);
                position++;
            }
        }
    }
}
