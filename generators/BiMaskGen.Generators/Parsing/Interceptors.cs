using System;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.Generators.Parsing;

/// <summary>Whether the compiler lets the generated namespace intercept calls.</summary>
internal static class Interceptors
{
    /// <summary>The namespace that interceptors are emitted in.</summary>
    public const string Namespace = "BiMaskGen.Generated";

    // The second is the name of earlier compilers, which newer ones still read.
    private static readonly string[] s_features = ["InterceptorsNamespaces", "InterceptorsPreviewNamespaces"];

    public static bool AreEnabled(ParseOptions options) => s_features.Any(feature => Lists(options, feature));

    /// <summary>Whether the list holds the namespace or one around it.</summary>
    private static bool Lists(ParseOptions options, string feature) =>
        options.Features.TryGetValue(feature, out string? namespaces)
        && namespaces.Split(';').Any(static listed => (Namespace + ".").StartsWith(listed.Trim() + ".", StringComparison.Ordinal));
}
