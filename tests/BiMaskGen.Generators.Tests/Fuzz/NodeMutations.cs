using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace BiMaskGen.Generators.Tests.Fuzz;

/// <summary>Changes of whole nodes: nearly all of the results parse, many compile.</summary>
internal static class NodeMutations
{
    private static readonly string[] s_wrappings =
    [
        "({0})", "{0}!", "(Linear){0}", "(dynamic){0}", "(true ? {0} : {0})", "({0}, {0})", "new[] {{ {0} }}", "nameof({0})", "await {0}",
        "(() => {0})()", "[{0}]", "{0}?.call(x)", "{0}.call", "{0} ?? {0}", "{0} as Linear", "({0} is {{ }} z ? z : {0})", "relu({0})", "{0}.relu()",
        "ref {0}", "checked({0})", "typeof(Linear)", "{0} switch {{ _ => {0} }}", "$\"{{{0}}}\"", "x => {0}", "default", "throw null!", "-{0}",
        "({0} = {0})", "(_ = {0})", "Linear({0}, 64)", "{0} with {{ }}", "from q in new[] {{ x }} select {0}", "stackalloc int[{0}]",
    ];

    /// <summary>Deletes a member, statement, attribute, initializer and so on; in a list with the comma beside it.</summary>
    public static Edit? Delete(SyntaxNode root, Random random)
    {
        SyntaxNode[] nodes = [.. root.DescendantNodes().Where(IsListed)];
        return nodes.Length == 0 ? null : new Edit(WithComma(random.Pick(nodes)), "");
    }

    public static Edit? Duplicate(SyntaxNode root, Random random)
    {
        SyntaxNode[] nodes = [.. root.DescendantNodes().Where(node => IsListed(node) && node is not (EqualsValueClauseSyntax or BaseListSyntax))];
        if (nodes.Length == 0)
        {
            return null;
        }

        SyntaxNode node = random.Pick(nodes);
        string separator = node is ArgumentSyntax or AttributeArgumentSyntax or ParameterSyntax or VariableDeclaratorSyntax or AttributeSyntax ? ", " : "\n";
        return new Edit(new TextSpan(node.Span.End, 0), separator + node);
    }

    /// <summary>Two nodes of one parent and kind change places: arguments, statements, members.</summary>
    public static Edit? SwapSiblings(SyntaxNode root, Random random)
    {
        (SyntaxNode Left, SyntaxNode Right)[] pairs = [.. root.DescendantNodes().Where(IsListed)
            .GroupBy(node => (node.Parent, node.RawKind)).Where(group => group.Count() > 1)
            .SelectMany(group => group.Zip(group.Skip(1)))];
        if (pairs.Length == 0)
        {
            return null;
        }

        (SyntaxNode left, SyntaxNode right) = random.Pick(pairs);
        string between = root.SyntaxTree.ToString()[left.Span.End..right.Span.Start];
        return new Edit(TextSpan.FromBounds(left.Span.Start, right.Span.End), right + between + left);
    }

    /// <summary>An expression takes the place of another one.</summary>
    public static Edit? Transplant(SyntaxNode root, Random random)
    {
        ExpressionSyntax[] expressions = Expressions(root);
        return expressions.Length == 0 ? null : new Edit(random.Pick(expressions).Span, random.Pick(expressions).ToString());
    }

    public static Edit? Wrap(SyntaxNode root, Random random)
    {
        ExpressionSyntax[] expressions = Expressions(root);
        if (expressions.Length == 0)
        {
            return null;
        }

        ExpressionSyntax expression = random.Pick(expressions);
        return new Edit(expression.Span, string.Format(System.Globalization.CultureInfo.InvariantCulture, random.Pick(s_wrappings), expression));
    }

    private static bool IsListed(SyntaxNode node) =>
        (node is MemberDeclarationSyntax and not BaseNamespaceDeclarationSyntax)
        || (node is StatementSyntax && node is not BlockSyntax { Parent: MemberDeclarationSyntax })
        || node is ArgumentSyntax or AttributeArgumentSyntax or ParameterSyntax or AttributeListSyntax or AttributeSyntax or BaseListSyntax
            or EqualsValueClauseSyntax or VariableDeclaratorSyntax or TypeArgumentListSyntax or ConstructorInitializerSyntax or AccessorDeclarationSyntax;

    private static TextSpan WithComma(SyntaxNode node)
    {
        SyntaxToken next = node.GetLastToken().GetNextToken(), previous = node.GetFirstToken().GetPreviousToken();
        return next.Text == "," && next.Parent == node.Parent ? TextSpan.FromBounds(node.Span.Start, next.Span.End)
            : previous.Text == "," && previous.Parent == node.Parent ? TextSpan.FromBounds(previous.Span.Start, node.Span.End)
            : node.Span;
    }

    private static ExpressionSyntax[] Expressions(SyntaxNode root) =>
        [.. root.DescendantNodes().OfType<ExpressionSyntax>()
            .Where(expression => expression is not TypeSyntax { Parent: not (ExpressionSyntax or ArgumentSyntax or EqualsValueClauseSyntax) }
                && expression.FirstAncestorOrSelf<UsingDirectiveSyntax>() is null)];
}
