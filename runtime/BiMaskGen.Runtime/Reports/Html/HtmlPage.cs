using System.Globalization;
using System.Net;
using System.Text;

namespace BiMaskGen.Reports;

/// <summary>
/// A page that is one file and needs nothing else, no network and no script. It says nothing of when it was made, so that the same content gives the
/// same page.
/// </summary>
internal static class HtmlPage
{
    /// <summary>Writes the page beside its place and moves it there.</summary>
    /// <param name="path">The page.</param>
    /// <param name="title">Its title and heading, plain text.</param>
    /// <param name="body">Writes what follows the heading; if it throws, the old page stays.</param>
    public static void Write(string path, string title, Action<TextWriter> body)
    {
        string draft = path + ".tmp";
        try
        {
            using (StreamWriter page = new(draft, append: false, new UTF8Encoding(false)) { NewLine = "\n" })
            {
                page.WriteLine($"""
                    <!DOCTYPE html>
                    <html lang="en">
                    <head>
                    <meta charset="utf-8">
                    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
                    <meta name="viewport" content="width=device-width, initial-scale=1">
                    <title>{Escape(title)}</title>
                    <style>
                    {Css()}</style>
                    </head>
                    <body>
                    <h1>{Escape(title)}</h1>
                    """);
                body(page);
                page.WriteLine("</body>\n</html>");
            }

            File.Move(draft, path, overwrite: true);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    /// <summary>Plain text as it may stand in a page, in an attribute too.</summary>
    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    /// <summary>Numbers as they are written everywhere.</summary>
    public static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Css()
    {
        using Stream css = typeof(HtmlPage).Assembly.GetManifestResourceStream("page.css")!;
        return new StreamReader(css).ReadToEnd();
    }
}
