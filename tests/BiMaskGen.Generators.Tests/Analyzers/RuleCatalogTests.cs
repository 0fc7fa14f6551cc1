using System.Reflection;
using BiMaskGen.Analyzers;
using BiMaskGen.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.Generators.Tests.Analyzers;

/// <summary>Every id has one rule, a page, and an entry in the release notes.</summary>
public sealed class RuleCatalogTests
{
    private static readonly DiagnosticDescriptor[] Rules = [.. AnalyzerRun.Rules.SelectMany(rule => rule.SupportedDiagnostics)];

    private static string[] Ids => [.. typeof(AttributeRule).Assembly.GetType("BiMaskGen.Analyzers.RuleIds")!
        .GetFields(BindingFlags.Static | BindingFlags.Public).Select(constant => (string)constant.GetRawConstantValue()!)];

    [Fact]
    public void EveryIdHasOneRule() => Assert.Equal(Ids.Order(), AnalyzerRun.Rules.Select(rule => rule.SupportedDiagnostics.Select(d => d.Id).Distinct().Single()).Order());

    [Fact]
    public void EveryRuleHasItsPage() => Assert.All(Rules, rule =>
    {
        string page = File.ReadAllText(Path.Combine(Folders.Repository, rule.HelpLinkUri));
        Assert.StartsWith($"# {rule.Id}: ", page, StringComparison.Ordinal);
        string[] parts = ["## What you see", "## Why", "## Bad", "## Good", "## When not to fix it"];
        Assert.Equal(parts, page.Split('\n').Where(line => line.StartsWith("## ", StringComparison.Ordinal)));
    });

    [Fact]
    public void EveryRuleIsInTheReleaseNotes()
    {
        string folder = Path.Combine(Folders.Repository, "analyzers", "BiMaskGen.Analyzers");
        string notes = File.ReadAllText(Path.Combine(folder, "AnalyzerReleases.Shipped.md"))
            + File.ReadAllText(Path.Combine(folder, "AnalyzerReleases.Unshipped.md"));
        Assert.All(Ids, id => Assert.Contains($"\n{id} ", notes, StringComparison.Ordinal));
    }
}
