using BiMaskGen.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace BiMaskGen.Generators.Tests.Fixes;

/// <summary>What holds for every fix.</summary>
public sealed class FixCatalogTests
{
    [Fact]
    public void EveryFixIsAboutRules()
    {
        string[] ids = [.. AnalyzerRun.Rules.SelectMany(rule => rule.SupportedDiagnostics).Select(rule => rule.Id)];
        Assert.NotEmpty(FixRun.Fixes);
        Assert.All(FixRun.Fixes, fix => Assert.Subset(ids.ToHashSet(), fix.FixableDiagnosticIds.ToHashSet()));
    }

    [Fact]
    public void EveryFixIsExportedUnderItsName() => Assert.All(FixRun.Fixes, fix =>
    {
        ExportCodeFixProviderAttribute export = Assert.Single(fix.GetType().GetCustomAttributes(typeof(ExportCodeFixProviderAttribute), false).Cast<ExportCodeFixProviderAttribute>());
        Assert.Equal(fix.GetType().Name, export.Name);
        Assert.Equal([LanguageNames.CSharp], export.Languages);
    });

    [Fact]
    public void EveryFixMendsAllInEveryScope() => Assert.All(FixRun.Fixes, fix => Assert.Equal(
        [FixAllScope.Document, FixAllScope.Project, FixAllScope.Solution], fix.GetFixAllProvider()!.GetSupportedFixAllScopes()));

    /// <summary>The README's table says which rules have a fix.</summary>
    [Fact]
    public void TheReadmeNamesThem()
    {
        HashSet<string> mended = [.. FixRun.Fixes.SelectMany(fix => fix.FixableDiagnosticIds)];
        string[] rows = [.. File.ReadAllLines(Path.Combine(Folders.Repository, "README.md")).Where(line => line.StartsWith("| [NMS", StringComparison.Ordinal))];
        Assert.Equal(AnalyzerRun.Rules.Length, rows.Length);
        Assert.All(rows, row => Assert.Equal(mended.Contains(row[3..9]), row.Split('|')[4].Trim().Length > 0));
    }

    /// <summary>The compiler loads the analyzers without workspaces.</summary>
    [Fact]
    public void TheAnalyzersNeedNoWorkspaces() => Assert.DoesNotContain(
        typeof(BiMaskGen.Analyzers.AttributeRule).Assembly.GetReferencedAssemblies(), name => name.Name!.Contains("Workspaces", StringComparison.Ordinal));
}
