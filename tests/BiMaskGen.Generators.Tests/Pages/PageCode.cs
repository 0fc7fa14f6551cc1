using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using BiMaskGen.Generators.Tests.Harness;

namespace BiMaskGen.Generators.Tests.Pages;

/// <summary>
/// A block of a page as a file that compiles. Types stay as they are, statements go into a method, members into a model; `…` stands for nothing, and what a
/// model needs but the block leaves out is added: the rest of its braces, a layer, a constructor, a forward that calls its layers.
/// </summary>
internal static class PageCode
{
    private const string ClassHead = "public sealed partial class Mlp : Module<Tensor, Tensor>";

    // A block may end inside a class's body, be the attribute alone, or end behind a class's head.
    private static readonly string[] s_ends = ["", "}", ClassHead + " { }", "{ }"];

    /// <summary>The names of the types that a block declares.</summary>
    public static IEnumerable<string> Types(string block) => Split(block).Types.DescendantNodesAndSelf().OfType<BaseTypeDeclarationSyntax>().Select(type => type.Identifier.Text);

    /// <summary>The file.</summary>
    /// <param name="block">The block's text.</param>
    /// <param name="otherNamespace">A namespace for the types, where the block names none.</param>
    public static string File(string block, string? otherNamespace = null)
    {
        (CompilationUnitSyntax types, string[] members, string[] statements) = Split(block);
        List<string> parts = [];
        if (members.Length > 0)
        {
            parts.Add(Complete(Parse($"[NMSparse(2, 4)] {ClassHead}\n{{\n{string.Join('\n', members)}\n}}")).ToFullString());
        }

        if (statements.Length > 0)
        {
            parts.Add($"internal static class Program\n{{\n{ReadersKnowledge.Locals}\npublic static void Run()\n{{\n{string.Concat(statements)}\n}}\n}}");
        }

        // Usings, perhaps with a namespace behind them, come first.
        string declared = Complete(types).ToFullString();
        return otherNamespace is null || types.Members.OfType<BaseNamespaceDeclarationSyntax>().Any()
            ? declared + string.Join('\n', parts)
            : $"{types.Usings.ToFullString()}\nnamespace {otherNamespace};\n{Complete(types.WithUsings([])).ToFullString()}";
    }

    private static (CompilationUnitSyntax Types, string[] Members, string[] Statements) Split(string block)
    {
        string text = block.Replace("…", "", StringComparison.Ordinal);
        CompilationUnitSyntax? unit = s_ends.Select(end => Parse(text + end)).FirstOrDefault(Parses);
        if (unit is null)
        {
            // Members with an attribute are taken for statements where they stand alone.
            return Parses(Parse($"class C {{\n{text}\n}}"))
                ? (SyntaxFactory.CompilationUnit(), [text], [])
                : throw new InvalidOperationException($"no C#, whatever is added to it:\n{block}");
        }

        return (
            unit.WithMembers([.. unit.Members.Where(member => member is BaseTypeDeclarationSyntax or BaseNamespaceDeclarationSyntax or DelegateDeclarationSyntax)]),
            [.. unit.Members.Where(member => member is BaseFieldDeclarationSyntax or BasePropertyDeclarationSyntax or BaseMethodDeclarationSyntax).Select(member => member.ToFullString())],
            [.. unit.Members.OfType<GlobalStatementSyntax>().Select(statement => statement.ToFullString())]);
    }

    private static CompilationUnitSyntax Parse(string text) => SyntaxFactory.ParseCompilationUnit(text, options: TestCompilation.ParseOptions);

    // CS8803: statements come before types in a program, but not on a page.
    private static bool Parses(CompilationUnitSyntax unit) =>
        !unit.GetDiagnostics().Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && diagnostic.Id != "CS8803")
        && !unit.Members.Any(member => member is IncompleteMemberSyntax);

    private static SyntaxNode Complete(CompilationUnitSyntax unit) =>
        unit.ReplaceNodes(unit.DescendantNodes().OfType<ClassDeclarationSyntax>().Where(IsModel), (_, model) => Complete(model));

    private static bool IsModel(ClassDeclarationSyntax type) => type.BaseList?.Types.Any(t => t.Type.ToString() == "Module<Tensor, Tensor>") == true;

    private static ClassDeclarationSyntax Complete(ClassDeclarationSyntax model)
    {
        string name = model.Identifier.Text;
        HashSet<string> declared = [.. model.Members.SelectMany(Names)];
        HashSet<string> used = [.. model.DescendantNodes().OfType<IdentifierNameSyntax>().Select(identifier => identifier.Identifier.Text)];
        foreach ((string member, string source) in ReadersKnowledge.Members)
        {
            if ((used.Contains(member) && !declared.Contains(member)) || (member == "fc1" && declared.Count == 0))
            {
                model = model.AddMembers(Member(source));
            }
        }

        if (!declared.Contains("forward"))
        {
            string calls = model.Members.OfType<FieldDeclarationSyntax>().Where(field => field.Declaration.Type.ToString() is "Linear" or "Conv2d" or "Sequential")
                .SelectMany(field => field.Declaration.Variables).Aggregate("x", (input, layer) => $"{layer.Identifier.Text}.call({input})");
            model = model.AddMembers(Member($"public override Tensor forward(Tensor x) => {calls};"));
        }

        return model.ParameterList is not null || model.Members.OfType<ConstructorDeclarationSyntax>().Any()
            ? model
            : model.AddMembers(Member($"public {name}() : base(\"{name}\") => RegisterComponents();"));
    }

    private static MemberDeclarationSyntax Member(string source) => SyntaxFactory.ParseMemberDeclaration("\n" + source + "\n", options: TestCompilation.ParseOptions)!;

    private static IEnumerable<string> Names(MemberDeclarationSyntax member) => member switch
    {
        BaseFieldDeclarationSyntax field => field.Declaration.Variables.Select(variable => variable.Identifier.Text),
        PropertyDeclarationSyntax property => [property.Identifier.Text],
        MethodDeclarationSyntax method => [method.Identifier.Text],
        _ => [],
    };
}
