using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace BiMaskGen.Generators.Tests.Fuzz;

/// <summary>Changes of names, types, numbers and modifiers: most of the results parse, some compile.</summary>
internal static class NameMutations
{
    private static readonly string[] s_types =
    [
        "Linear", "Linear?", "Linear[]", "Module<Tensor, Tensor>", "Module", "Conv2d", "Sequential", "ModuleList<Linear>", "Embedding",
        "Tensor", "Parameter", "int", "long", "object", "dynamic", "string", "void", "var", "nint", "T", "Missing", "(Linear, Linear)",
        "System.Func<Tensor, Tensor>", "List<Linear>", "Module<Tensor, Tensor, Tensor>", "global::TorchSharp.Modules.Linear", "int*",
    ];

    private static readonly string[] s_literals =
    [
        "0", "1", "-1", "2", "3", "4", "7", "16", "31", "32", "33", "50", "64", "128", "258", "784", "1 << 20", "2147483647", "2147483648",
        "9999999999", "long.MinValue", "18446744073709551615", "0.5", "1e308", "double.NaN", "-0.0", "1m", "null", "default", "\"text\"",
        "'c'", "true", "(4)", "0x10", "1_0", "3 / 0", "int.MaxValue + 1", "unchecked(int.MaxValue + 1)", "checked(2 * 2)", "sizeof(int)",
    ];

    private static readonly string[] s_names =
        ["fc", "fc1", "call", "forward", "relu", "gelu", "weight", "x", "Linear", "nameof", "@class", "_", "Größe", "record", "NMSparse", "KeepDense"];

    private static readonly string[] s_modifiers =
    [
        "static", "partial", "abstract", "sealed", "readonly", "unsafe", "async", "file", "required", "ref", "const", "new", "virtual",
        "override", "private", "public", "protected internal", "volatile", "extern", "scoped",
    ];

    /// <summary>One occurrence gets another name of the file, or one that means something elsewhere.</summary>
    public static Edit? RenameOne(SyntaxNode root, Random random)
    {
        SyntaxToken[] names = Names(root);
        return names.Length == 0 ? null : new Edit(random.Pick(names).Span, random.Next(2) == 0 ? random.Pick(names).Text : random.Pick(s_names));
    }

    /// <summary>All occurrences of a name, comments aside; the result often compiles.</summary>
    public static string RenameAll(SyntaxNode root, Random random)
    {
        string text = root.SyntaxTree.ToString();
        SyntaxToken[] names = Names(root);
        if (names.Length == 0)
        {
            return text;
        }

        string from = random.Pick(names).ValueText;
        string to = random.Next(3) switch
        {
            0 => random.Pick(s_names),
            1 => random.Pick(names).Text,
            _ => "fresh" + random.Next(100).ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
        foreach (SyntaxToken name in names.Where(name => name.ValueText == from).Reverse())
        {
            text = new Edit(name.Span, to).ApplyTo(text);
        }

        return text;
    }

    public static Edit? Retype(SyntaxNode root, Random random)
    {
        TypeSyntax[] types = [.. root.DescendantNodes().OfType<TypeSyntax>()
            .Where(type => type.Parent is not (TypeSyntax or UsingDirectiveSyntax or MemberAccessExpressionSyntax or InvocationExpressionSyntax)
                && type is not IdentifierNameSyntax { Parent: ExpressionSyntax or ArgumentSyntax })];
        return types.Length == 0 ? null : new Edit(random.Pick(types).Span, random.Pick(s_types));
    }

    public static Edit? ChangeLiteral(SyntaxNode root, Random random)
    {
        LiteralExpressionSyntax[] literals = [.. root.DescendantNodes().OfType<LiteralExpressionSyntax>()];
        return literals.Length == 0 ? null : new Edit(random.Pick(literals).Span, random.Pick(s_literals));
    }

    public static Edit? AddModifier(SyntaxNode root, Random random)
    {
        MemberDeclarationSyntax[] members = Members(root);
        if (members.Length == 0)
        {
            return null;
        }

        MemberDeclarationSyntax member = random.Pick(members);
        int at = member.Modifiers.Count > 0 && random.Next(2) == 0
            ? member.Modifiers.Last().Span.End
            : member.AttributeLists.LastOrDefault()?.Span.End ?? member.Span.Start;
        return new Edit(new TextSpan(at, 0), " " + random.Pick(s_modifiers) + " ");
    }

    public static Edit? DropModifier(SyntaxNode root, Random random)
    {
        SyntaxToken[] modifiers = [.. Members(root).SelectMany(member => member.Modifiers)];
        return modifiers.Length == 0 ? null : new Edit(random.Pick(modifiers).Span, "");
    }

    private static MemberDeclarationSyntax[] Members(SyntaxNode root) =>
        [.. root.DescendantNodes().OfType<MemberDeclarationSyntax>().Where(member => member is not (BaseNamespaceDeclarationSyntax or GlobalStatementSyntax))];

    private static SyntaxToken[] Names(SyntaxNode root) =>
        [.. root.DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken) && token.Span.Length > 0
            && token.Parent?.FirstAncestorOrSelf<UsingDirectiveSyntax>() is null)];
}
