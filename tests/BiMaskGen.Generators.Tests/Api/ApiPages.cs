using System.Text;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;

namespace BiMaskGen.Generators.Tests.Api;

/// <summary>The pages of docs/api: one per namespace, from the runtime's public surface and its documentation.</summary>
internal static class ApiPages
{
    private static readonly SymbolDisplayFormat s_name = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypes, genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters);

    /// <summary>File name and text of every page.</summary>
    public static IEnumerable<(string File, string Text)> All() => PublicSurface.Types
        .GroupBy(type => type.ContainingNamespace.ToDisplayString())
        .Select(types => ($"{types.Key}.md", Page(types.Key, [.. types])));

    private static string Page(string name, INamedTypeSymbol[] types)
    {
        StringBuilder page = new();
        page.Append($"# {name}\n\nMade from the documentation in the source (CONTRIBUTING.md, \"Check lists\"); not to be edited here.\n");
        if (types.All(PublicSurface.IsHidden))
        {
            page.Append("\nEmitted code uses these; nobody else needs them.\n");
        }

        foreach (INamedTypeSymbol type in types)
        {
            Append(page, type);
        }

        return page.ToString();
    }

    private static void Append(StringBuilder page, INamedTypeSymbol type)
    {
        XElement? docs = XmlDocs.Of(type);
        page.Append($"\n## {type.ToDisplayString(s_name)}\n\n`{Declarations.Short(type)}`{(PublicSurface.IsHidden(type) ? " (for emitted code)" : "")}\n\n");
        page.Append(XmlDocs.Text(docs?.Element("summary"))).Append('\n');
        if (docs?.Element("remarks") is { } remarks)
        {
            page.Append('\n').Append(XmlDocs.Text(remarks)).Append('\n');
        }

        // The head of a record describes its properties, and they follow; the constructor says nothing new.
        ISymbol[] members = [.. PublicSurface.Members(type)];
        bool isRecord = docs?.Elements("param").All(parameter => members.Any(member => member is IPropertySymbol && member.Name == parameter.Attribute("name")!.Value)) != false;
        string[] list =
        [
            .. Details(docs, indent: "", parameters: type.TypeKind == TypeKind.Delegate),
            .. members.Where(member => XmlDocs.Of(member) is not null && !(isRecord && IsHead(member, docs))).SelectMany(member => Lines(member, type)),
        ];
        page.Append(list.Length > 0 ? "\n" : "").AppendJoin("", list);
    }

    private static bool IsHead(ISymbol member, XElement? docs) =>
        member is IMethodSymbol { MethodKind: MethodKind.Constructor } && XmlDocs.Text(XmlDocs.Of(member)?.Element("summary")) == XmlDocs.Text(docs?.Element("summary"));

    private static IEnumerable<string> Lines(ISymbol member, INamedTypeSymbol type)
    {
        XElement about = XmlDocs.Of(member)!;
        string hidden = !PublicSurface.IsHidden(type) && PublicSurface.IsHidden(member) ? "For emitted code. " : "";
        string summary = IsHead(member, XmlDocs.Of(type)) ? "" : XmlDocs.Text(about.Element("summary"));
        return Details(about, indent: "  ", parameters: true).Prepend($"- `{Declarations.Short(member)}` {hidden}{summary}".TrimEnd() + "\n");
    }

    private static IEnumerable<string> Details(XElement? docs, string indent, bool parameters)
    {
        IEnumerable<XElement> named = [.. docs?.Elements("typeparam") ?? [], .. parameters ? docs?.Elements("param") ?? [] : []];
        return
        [
            .. named.Select(parameter => $"{indent}- `{parameter.Attribute("name")!.Value}`: {XmlDocs.Text(parameter)}\n"),
            .. (docs?.Elements("returns") ?? []).Select(result => $"{indent}- returns: {XmlDocs.Text(result)}\n"),
            .. (docs?.Elements("exception") ?? []).Select(exception => $"{indent}- throws `{exception.Attribute("cref")!.Value.Split('.')[^1]}`: {XmlDocs.Text(exception)}\n"),
        ];
    }
}
