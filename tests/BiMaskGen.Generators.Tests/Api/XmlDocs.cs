using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.Generators.Tests.Api;

/// <summary>The documentation file of the runtime, by symbol, and its texts as Markdown.</summary>
internal static partial class XmlDocs
{
    private static readonly Dictionary<string, XElement> s_members = XDocument.Load(Path.ChangeExtension(typeof(NMSparseException).Assembly.Location, ".xml"))
        .Descendants("member").ToDictionary(member => member.Attribute("name")!.Value);

    /// <summary>What is written about a symbol, or about what it implements or overrides where that is inherited; null if nothing is.</summary>
    public static XElement? Of(ISymbol symbol)
    {
        if (!s_members.TryGetValue(symbol.GetDocumentationCommentId()!, out XElement? own))
        {
            return null;
        }

        return own.Element("inheritdoc") is null ? own : Inherited(symbol) is { } inherited ? Of(inherited) ?? own : own;
    }

    /// <summary>An element's text on one line of Markdown.</summary>
    public static string Text(XElement? element)
    {
        StringBuilder text = new();
        foreach (XNode node in element?.Nodes() ?? [])
        {
            text.Append(node switch
            {
                XElement { Name.LocalName: "see" } see => $"`{Name(see)}`",
                XElement { Name.LocalName: "paramref" or "typeparamref" } reference => $"`{reference.Attribute("name")!.Value}`",
                XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
                XElement other => throw new InvalidOperationException($"<{other.Name}> has no Markdown yet: {element}"),
                _ => Escaped(((XText)node).Value),
            });
        }

        return Spaces().Replace(text.ToString(), " ").Trim();
    }

    private static ISymbol? Inherited(ISymbol symbol) => symbol switch
    {
        IMethodSymbol { OverriddenMethod: { } method } => method,
        IPropertySymbol { OverriddenProperty: { } property } => property,
        _ => symbol.ContainingType?.AllInterfaces.SelectMany(i => i.GetMembers())
            .FirstOrDefault(member => SymbolEqualityComparer.Default.Equals(symbol.ContainingType.FindImplementationForInterfaceMember(member), symbol)),
    };

    // T:BiMaskGen.NMPattern, M:System.IO.File.Open(System.String): the last name, of members with their type's.
    private static string Name(XElement see)
    {
        if (see.Attribute("langword")?.Value is { } word)
        {
            return word;
        }

        string id = see.Attribute("cref")!.Value;
        string[] parts = Arity().Replace(id[2..].Split('(')[0], "").Split('.');
        return id[0] is 'T' or 'N' || parts.Length < 2 ? parts[^1] : $"{parts[^2]}.{parts[^1]}".Replace(".#ctor", "", StringComparison.Ordinal);
    }

    private static string Escaped(string text) => Special().Replace(text, @"\$0");

    [GeneratedRegex("`+[0-9]+")]
    private static partial Regex Arity();

    [GeneratedRegex("[<*|_`]")]
    private static partial Regex Special();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
