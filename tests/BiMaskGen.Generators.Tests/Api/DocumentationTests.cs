using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.Generators.Tests.Api;

/// <summary>Everything that others can call says what goes in and what comes out.</summary>
public sealed partial class DocumentationTests
{
    [Fact]
    public void EveryMemberHasASummary() => None(symbol => XmlDocs.Text(XmlDocs.Of(symbol)?.Element("summary")).Length > 0 || IsTheHeadOf(symbol));

    [Fact]
    public void EveryParameterIsDescribed() => None(symbol => symbol is not IMethodSymbol method
        || PublicSurface.IsHidden(symbol)
        || method.Parameters.All(parameter => Has(symbol, "param", parameter.Name) || Has(symbol.ContainingType, "param", parameter.Name)));

    [Fact]
    public void EveryResultIsDescribed() => None(symbol => symbol is not IMethodSymbol { ReturnsVoid: false, MethodKind: MethodKind.Ordinary, IsOverride: false }
        || PublicSurface.IsHidden(symbol)
        || XmlDocs.Text(XmlDocs.Of(symbol)?.Element("returns")).Length > 0
        || NamesTheResult().IsMatch(XmlDocs.Text(XmlDocs.Of(symbol)?.Element("summary"))));

    // Where the summary is a noun it is the result: "The backward mask", "Whether a file is packed".
    [GeneratedRegex("^(The|A|An|All|Whether|How many|What|Where) ")]
    private static partial Regex NamesTheResult();

    private static void None(Func<ISymbol, bool> isGood)
    {
        string[] bad = [.. PublicSurface.Types.SelectMany(type => PublicSurface.Members(type).Prepend(type)).Where(symbol => !isGood(symbol)).Select(Declarations.Full)];
        Assert.True(bad.Length == 0, $"{bad.Length} are not:\n{string.Join('\n', bad)}");
    }

    private static bool IsTheHeadOf(ISymbol symbol) => symbol.ContainingType is { } type && (XmlDocs.Of(type)?.Elements("param").Any() ?? false)
        && (symbol is IMethodSymbol { MethodKind: MethodKind.Constructor } || Has(type, "param", symbol.Name));

    private static bool Has(ISymbol symbol, string element, string name) =>
        XmlDocs.Of(symbol)?.Elements(element).Any(e => e.Attribute("name")!.Value == name && XmlDocs.Text(e).Length > 0) == true;
}
