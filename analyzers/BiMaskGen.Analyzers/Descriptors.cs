using Microsoft.CodeAnalysis;

namespace BiMaskGen.Analyzers;

/// <summary>Makes descriptors, so that all rules share category and help link.</summary>
internal static class Descriptors
{
    private const string Category = "BiMaskGen";
    private const string DocsFolder = "analyzers/docs/rules/";

    public static DiagnosticDescriptor Error(string id, string title, string message, string description) =>
        Of(id, title, message, DiagnosticSeverity.Error, description);

    public static DiagnosticDescriptor Warning(string id, string title, string message, string description) =>
        Of(id, title, message, DiagnosticSeverity.Warning, description);

    public static DiagnosticDescriptor Info(string id, string title, string message, string description) =>
        Of(id, title, message, DiagnosticSeverity.Info, description);

    /// <summary>The same rule as a warning.</summary>
    public static DiagnosticDescriptor Warning(DiagnosticDescriptor rule) => Of(
        rule.Id, rule.Title.ToString(), rule.MessageFormat.ToString(), DiagnosticSeverity.Warning, rule.Description.ToString());

    private static DiagnosticDescriptor Of(string id, string title, string message, DiagnosticSeverity severity, string description) =>
        new(id, title, message, Category, severity, isEnabledByDefault: true, description, DocsFolder + id + ".md");
}
