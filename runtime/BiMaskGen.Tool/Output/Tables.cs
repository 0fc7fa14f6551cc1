using System.Globalization;
using Spectre.Console;

namespace BiMaskGen.Tool.Output;

/// <summary>Tables as every verb draws them.</summary>
internal static class Tables
{
    /// <summary>A table with columns; a name that begins with "&gt;" is of numbers, to the right.</summary>
    public static Table Create(params ReadOnlySpan<string> columns)
    {
        Table table = new() { Border = TableBorder.Simple };
        foreach (string column in columns)
        {
            bool right = column.StartsWith('>');
            table.AddColumn(new TableColumn(new Text(column.TrimStart('>'))) { Alignment = right ? Justify.Right : Justify.Left, NoWrap = true });
        }

        return table;
    }

    /// <summary>A row of plain text: names out of files are no markup.</summary>
    public static void Row(this Table table, params IEnumerable<string> cells) => table.AddRow(cells.Select(c => new Text(c)));

    /// <summary>A number of bytes, "1.5 MB".</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 1000 => $"{bytes} B",
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} kB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.00} GB"),
    };

    /// <summary>A share in percent.</summary>
    public static string Percent(double? share) => share is { } s ? string.Create(CultureInfo.InvariantCulture, $"{100 * s:0.0} %") : "";
}
