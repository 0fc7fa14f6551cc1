using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace BiMaskGen.Generators.Tests.Fuzz;

/// <summary>Changes that know tokens only, as slips of the keyboard make them: most of the results do not parse.</summary>
internal static class TokenMutations
{
    public static Edit? Delete(SyntaxNode root, Random random) =>
        Any(root, random) is { } token ? new Edit(token.Span, "") : null;

    public static Edit? Duplicate(SyntaxNode root, Random random) =>
        Any(root, random) is { } token ? new Edit(token.Span, token.Text + " " + token.Text) : null;

    public static Edit? SwapNeighbours(SyntaxNode root, Random random)
    {
        if (Any(root, random) is not { } token || token.GetNextToken() is not { Span.Length: > 0 } next)
        {
            return null;
        }

        string between = root.SyntaxTree.ToString()[token.Span.End..next.Span.Start];
        return new Edit(TextSpan.FromBounds(token.Span.Start, next.Span.End), next.Text + between + token.Text);
    }

    public static Edit? Replace(SyntaxNode root, Random random) =>
        Any(root, random) is { } token && Any(root, random) is { } other ? new Edit(token.Span, other.Text) : null;

    /// <summary>What a file looks like while it is being written: it ends anywhere.</summary>
    public static Edit? Truncate(SyntaxNode root, Random random) =>
        Any(root, random) is { } token ? new Edit(TextSpan.FromBounds(token.Span.End, root.FullSpan.End), "") : null;

    private static SyntaxToken? Any(SyntaxNode root, Random random)
    {
        SyntaxToken[] tokens = [.. root.DescendantTokens().Where(token => token.Span.Length > 0)];
        return tokens.Length == 0 ? null : random.Pick(tokens);
    }
}
