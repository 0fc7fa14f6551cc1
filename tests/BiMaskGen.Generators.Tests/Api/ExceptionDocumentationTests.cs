using BiMaskGen.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace BiMaskGen.Generators.Tests.Api;

/// <summary>A public member that throws says so. Read from the source: an assembly does not tell what its members throw.</summary>
public sealed class ExceptionDocumentationTests
{
    // What a null argument throws nobody writes down.
    private static readonly string[] s_unsaid = ["ArgumentNullException", "ArgumentException.ThrowIfNull", "UnreachableException"];

    [Fact]
    public void EveryExceptionThatAMemberThrowsIsDocumented()
    {
        string folder = Path.Combine(Folders.Repository, "runtime", "BiMaskGen.Runtime");
        (string Place, int Throws, string[] Undocumented)[] members =
        [
            .. Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories)
                .SelectMany(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), TestCompilation.ParseOptions).GetRoot().DescendantNodes().OfType<MemberDeclarationSyntax>()
                    .Where(IsPublic)
                    .Select(member => (Place: $"{Path.GetRelativePath(folder, file)}: {Signature(member)}", Thrown: Thrown(member), Docs: Docs(member)))
                    .Select(member => (member.Place, member.Thrown.Length, member.Thrown.Where(name => !IsDocumented(name, member.Docs)).ToArray()))),
        ];
        Assert.True(members.Sum(member => member.Throws) > 20, "the test no longer finds what throws");
        string[] bad = [.. members.Where(member => member.Undocumented.Length > 0).Select(member => $"{member.Place}: {string.Join(", ", member.Undocumented)}")];
        Assert.True(bad.Length == 0, string.Join('\n', bad));
    }

    private static bool IsPublic(MemberDeclarationSyntax member) =>
        member is BaseMethodDeclarationSyntax or BasePropertyDeclarationSyntax
        && member.AncestorsAndSelf().OfType<MemberDeclarationSyntax>().All(m => m is BaseNamespaceDeclarationSyntax || m.Modifiers.Any(SyntaxKind.PublicKeyword));

    private static string[] Thrown(MemberDeclarationSyntax member) => [.. member.DescendantNodes(node => node is not (LocalFunctionStatementSyntax or LambdaExpressionSyntax))
        .Select(node => node switch
        {
            ThrowStatementSyntax { Expression: ObjectCreationExpressionSyntax made } => made.Type.ToString(),
            ThrowExpressionSyntax { Expression: ObjectCreationExpressionSyntax made } => made.Type.ToString(),
            InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: var name } guard } when name.StartsWith("ThrowIf", StringComparison.Ordinal) =>
                name == "ThrowIfCancellationRequested" ? "OperationCanceledException" : guard.ToString(),
            _ => "",
        })
        .Where(thrown => thrown.Length > 0 && !s_unsaid.Any(unsaid => thrown.StartsWith(unsaid, StringComparison.Ordinal)))
        .Select(thrown => thrown.Split('.')[0])
        .Distinct()];

    private static string Docs(MemberDeclarationSyntax member) => string.Concat(member.GetLeadingTrivia().Where(trivia => trivia.HasStructure).Select(trivia => trivia.ToFullString()));

    private static bool IsDocumented(string exception, string docs) =>
        docs.Contains($"<exception cref=\"{exception}\"", StringComparison.Ordinal) || docs.Contains("<inheritdoc", StringComparison.Ordinal);

    private static string Signature(MemberDeclarationSyntax member) => member switch
    {
        MethodDeclarationSyntax method => method.Identifier.Text,
        PropertyDeclarationSyntax property => property.Identifier.Text,
        _ => member.Kind().ToString(),
    };
}
