using Microsoft.CodeAnalysis;

namespace BiMaskGen.Analyzers;

/// <summary>Makes descriptors, so that all rules share category and help link.</summary>
internal static class Descriptors
{
    private const string Category = "BiMaskGen";
    private const string DocsFolder = "analyzers/docs/rules/";

    public static DiagnosticDescriptor Error(string id, string title, string message, string description) => new(
        id, title, message, Category, DiagnosticSeverity.Error, isEnabledByDefault: true, description, DocsFolder + id + ".md");
}
