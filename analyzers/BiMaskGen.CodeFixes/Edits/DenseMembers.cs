using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace BiMaskGen.CodeFixes.Edits;

/// <summary>Writes <c>[KeepDense]</c> on a field or property. A field declaration of several layers is split where only some of them stay dense.</summary>
internal static class DenseMembers
{
    /// <summary>The text that takes the place of a declaration.</summary>
    /// <param name="declaration">The field or property.</param>
    /// <param name="names">Where the names of the members stand that stay dense.</param>
    /// <param name="attribute">The attribute as the file writes it.</param>
    public static string Mark(MemberDeclarationSyntax declaration, ICollection<TextSpan> names, string attribute)
    {
        if (declaration is not FieldDeclarationSyntax field)
        {
            return Marked(declaration, attribute).ToFullString();
        }

        List<List<VariableDeclaratorSyntax>> runs = Runs(field, names);
        string text = "";
        for (int i = 0; i < runs.Count; i++)
        {
            FieldDeclarationSyntax part = Part(field, runs[i], isFirst: i == 0, isLast: i == runs.Count - 1);
            bool dense = names.Contains(runs[i][0].Identifier.Span);
            text += (dense ? Marked(part, attribute) : part).ToFullString();
        }

        return text;
    }

    /// <summary>The variables in runs that either all stay dense or all do not: their order is that of the components.</summary>
    private static List<List<VariableDeclaratorSyntax>> Runs(FieldDeclarationSyntax field, ICollection<TextSpan> names)
    {
        List<List<VariableDeclaratorSyntax>> runs = [];
        bool? dense = null;
        foreach (VariableDeclaratorSyntax variable in field.Declaration.Variables)
        {
            bool stays = names.Contains(variable.Identifier.Span);
            if (stays != dense)
            {
                runs.Add([]);
                dense = stays;
            }

            runs[runs.Count - 1].Add(variable);
        }

        return runs;
    }

    private static FieldDeclarationSyntax Part(FieldDeclarationSyntax field, List<VariableDeclaratorSyntax> run, bool isFirst, bool isLast)
    {
        if (isFirst && isLast)
        {
            return field;
        }

        VariableDeclaratorSyntax[] variables = [.. run.Select(static variable => variable.WithLeadingTrivia().WithTrailingTrivia())];
        SyntaxToken comma = SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space);
        SeparatedSyntaxList<VariableDeclaratorSyntax> list =
            SyntaxFactory.SeparatedList(variables, Enumerable.Repeat(comma, variables.Length - 1));
        FieldDeclarationSyntax part = field.WithDeclaration(field.Declaration.WithVariables(list));
        part = isFirst ? part : part.WithLeadingTrivia(Indentation(field));
        return isLast ? part : part.WithTrailingTrivia(EndOfLine(field));
    }

    /// <summary>What stands before a declaration on its own line: comments above it belong to the first part.</summary>
    private static SyntaxTriviaList Indentation(FieldDeclarationSyntax field) =>
        SyntaxFactory.TriviaList(field.GetLeadingTrivia().Reverse().TakeWhile(static trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia)).Take(1));

    private static SyntaxTrivia EndOfLine(FieldDeclarationSyntax field) =>
        field.SyntaxTree.GetRoot().DescendantTrivia().FirstOrDefault(static trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia)) is { RawKind: not 0 } own
            ? own
            : SyntaxFactory.LineFeed;

    private static MemberDeclarationSyntax Marked(MemberDeclarationSyntax member, string attribute)
    {
        AttributeSyntax mark = SyntaxFactory.Attribute(SyntaxFactory.ParseName(attribute));
        AttributeSyntax? sparse = member.AttributeLists.SelectMany(static list => list.Attributes).FirstOrDefault(IsSparse);
        if (sparse is not null)
        {
            return member.ReplaceNode(sparse, mark.WithTriviaFrom(sparse)); // The two exclude each other.
        }

        SyntaxToken first = member.AttributeLists.Count == 0 ? member.GetFirstToken() : member.AttributeLists.Last().GetLastToken().GetNextToken();
        AttributeListSyntax list = SyntaxFactory.AttributeList(SyntaxFactory.SingletonSeparatedList(mark))
            .WithLeadingTrivia(first.LeadingTrivia)
            .WithTrailingTrivia(SyntaxFactory.Space);
        return member.ReplaceToken(first, first.WithLeadingTrivia()).AddAttributeLists(list);
    }

    private static bool IsSparse(AttributeSyntax attribute) => attribute.Name switch
    {
        QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
        SimpleNameSyntax name => name.Identifier.ValueText,
        _ => "",
    } is "NMSparse" or "NMSparseAttribute";
}
