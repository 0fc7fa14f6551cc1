using System.Collections.Immutable;
using BiMaskGen.CodeFixes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace BiMaskGen.Generators.Tests.Harness;

/// <summary>
/// Applies fixes in a workspace as an editor does. After each one the code compiles, with the generator, and the diagnostic that was mended is gone.
/// </summary>
internal sealed class FixRun
{
    private static readonly CodeFixProvider[] s_fixes = [.. typeof(RuleFix).Assembly.GetTypes()
        .Where(type => type is { IsAbstract: false } && type.IsAssignableTo(typeof(CodeFixProvider)))
        .Select(type => (CodeFixProvider)Activator.CreateInstance(type)!)];

    private readonly Solution _solution;
    private readonly string _id;

    private FixRun(Solution solution, string id)
    {
        _solution = solution;
        _id = id;
    }

    public static IReadOnlyList<CodeFixProvider> Fixes => s_fixes;

    /// <summary>One project of some files.</summary>
    public static FixRun Of(string id, params string[] sources) => OfProjects(id, sources);

    /// <summary>Some projects, the files of each.</summary>
    public static FixRun OfProjects(string id, params string[][] projects)
    {
        Solution solution = new AdhocWorkspace().CurrentSolution;
        for (int p = 0; p < projects.Length; p++)
        {
            ProjectId project = ProjectId.CreateNewId();
            solution = solution
                .AddProject(project, $"Project{p}", $"Project{p}", LanguageNames.CSharp)
                .WithProjectParseOptions(project, TestCompilation.ParseOptions)
                .WithProjectCompilationOptions(project, TestCompilation.Of().Options)
                .WithProjectMetadataReferences(project, References.All);
            for (int f = 0; f < projects[p].Length; f++)
            {
                string name = $"Project{p}.File{f}.cs";
                solution = solution.AddDocument(DocumentId.CreateNewId(project), name, TestCompilation.Usings + projects[p][f], filePath: name);
            }
        }

        return new FixRun(solution, id);
    }

    /// <summary>The titles that are offered for the first diagnostic, of all fixes.</summary>
    public async Task<string[]> Titles() => [.. (await Actions((await Diagnostics(_solution))[0])).Select(offer => offer.Action.Title)];

    /// <summary>Takes the fix of a title for the first diagnostic, and gives the first file.</summary>
    public async Task<string> Apply(string title, int file = 0)
    {
        Diagnostic[] before = await Diagnostics(_solution);
        (CodeAction action, _) = Assert.Single(await Actions(before[0]), offer => offer.Action.Title == title);
        Solution after = await Changed(action, CancellationToken.None);
        await AssertMended(after, before.Length - 1, atMost: true);
        return await Text(after, file);
    }

    /// <summary>Takes the fix of a title for the first diagnostic, wherever it occurs in the scope; gives all files in order.</summary>
    public async Task<string[]> ApplyAll(string title, FixAllScope scope, int left = 0)
    {
        Diagnostic first = (await Diagnostics(_solution))[0];
        (CodeAction action, CodeFixProvider fix) = Assert.Single(await Actions(first), offer => offer.Action.Title == title);
        Document document = _solution.GetDocument(first.Location.SourceTree)!;
        FixAllContext context = new(document, fix, scope, action.EquivalenceKey!, [_id], new Provider(this), CancellationToken.None);
        CodeAction? all = await fix.GetFixAllProvider()!.GetFixAsync(context);
        Solution after = await Changed(all!, CancellationToken.None);
        await AssertMended(after, left, atMost: false);
        return await Task.WhenAll(Enumerable.Range(0, Documents(after).Length).Select(file => Text(after, file)));
    }

    private static async Task<Solution> Changed(CodeAction action, CancellationToken cancellation)
    {
        CodeActionOperation operation = Assert.Single(await action.GetOperationsAsync(cancellation));
        return Assert.IsType<ApplyChangesOperation>(operation).ChangedSolution;
    }

    private static Document[] Documents(Solution solution) => [.. solution.Projects.SelectMany(project => project.Documents).OrderBy(document => document.Name)];

    private static async Task<string> Text(Solution solution, int file) =>
        (await Documents(solution)[file].GetTextAsync()).ToString()[TestCompilation.Usings.Length..];

    private async Task<(CodeAction Action, CodeFixProvider Fix)[]> Actions(Diagnostic diagnostic)
    {
        List<(CodeAction, CodeFixProvider)> actions = [];
        Document document = _solution.GetDocument(diagnostic.Location.SourceTree)!;
        foreach (CodeFixProvider fix in s_fixes.Where(fix => fix.FixableDiagnosticIds.Contains(diagnostic.Id)))
        {
            await fix.RegisterCodeFixesAsync(new CodeFixContext(document, diagnostic, (action, _) => actions.Add((action, fix)), CancellationToken.None));
        }

        return [.. actions];
    }

    private async Task<Diagnostic[]> Diagnostics(Solution solution) =>
        [.. (await Task.WhenAll(solution.Projects.OrderBy(project => project.Name).Select(Diagnostics))).SelectMany(all => all)];

    private async Task<Diagnostic[]> Diagnostics(Project project)
    {
        Compilation compilation = (await project.GetCompilationAsync())!;
        Compilation output = GeneratorRun.Unchecked((Microsoft.CodeAnalysis.CSharp.CSharpCompilation)compilation).Output;
        return await RuleRun.Diagnostics(_id, ImmutableDictionary<string, string>.Empty, output);
    }

    private async Task AssertMended(Solution solution, int left, bool atMost)
    {
        foreach (Project project in solution.Projects)
        {
            GeneratorRun run = GeneratorRun.Unchecked((Microsoft.CodeAnalysis.CSharp.CSharpCompilation)(await project.GetCompilationAsync())!);
            Assert.Empty(run.Output.Emit(Stream.Null).Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        }

        int count = (await Diagnostics(solution)).Length;
        Assert.True(atMost ? count <= left : count == left, $"{count} of {_id} are left, not {left}");
    }

    private sealed class Provider(FixRun run) : FixAllContext.DiagnosticProvider
    {
        public override async Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(Document document, CancellationToken cancellationToken)
        {
            SyntaxTree? tree = await document.GetSyntaxTreeAsync(cancellationToken);
            return (await run.Diagnostics(document.Project)).Where(diagnostic => diagnostic.Location.SourceTree == tree);
        }

        public override Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project project, CancellationToken cancellationToken) =>
            Task.FromResult<IEnumerable<Diagnostic>>([]);

        public override async Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project project, CancellationToken cancellationToken) =>
            await run.Diagnostics(project);
    }
}
