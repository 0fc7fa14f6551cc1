using System.Globalization;
using System.Net;
using System.Text;

namespace BiMaskGen.Reports;

/// <summary>A curve of a chart.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Color">An SVG colour.</param>
/// <param name="Points">x and y, x ascending.</param>
/// <param name="Markers">Whether each point is a measurement to be seen: a thick line with dots instead of a thin one.</param>
internal sealed record ChartSeries(string Name, string Color, IReadOnlyList<(double X, double Y)> Points, bool Markers);

/// <summary>A line chart with axes, ticks and a legend, as SVG text.</summary>
internal sealed class SvgChart(string title, string xLabel, string yLabel)
{
    private const double Width = 800, Height = 480, Left = 70, Right = 24, Top = 48, Bottom = 60;

    private readonly StringBuilder _svg = new();
    private double _minX, _maxX, _minY, _maxY;

    /// <summary>Writes the chart beside its place and moves it there, so that a viewer never sees half of it.</summary>
    public void Save(string path, IReadOnlyList<ChartSeries> series)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        string draft = path + ".tmp";
        File.WriteAllText(draft, Render(series));
        File.Move(draft, path, overwrite: true);
    }

    /// <summary>The chart as SVG.</summary>
    /// <param name="series">The curves; one of them has a point.</param>
    /// <param name="inPage">Whether it will be part of an HTML page, which knows SVG without its namespace.</param>
    public string Render(IReadOnlyList<ChartSeries> series, bool inPage = false)
    {
        List<(double X, double Y)> points = [.. series.SelectMany(s => s.Points)];
        double[] xTicks = Ticks(points.Min(p => p.X), points.Max(p => p.X)), yTicks = Ticks(points.Min(p => p.Y), points.Max(p => p.Y));
        (_minX, _maxX, _minY, _maxY) = (points.Min(p => p.X), points.Max(p => p.X), yTicks[0], yTicks[^1]);
        _maxX = _maxX > _minX ? _maxX : _minX + 1;

        _svg.Clear();
        Line($"""<svg{(inPage ? "" : " xmlns=\"http://www.w3.org/2000/svg\"")} viewBox="0 0 {Width} {Height}" font-family="sans-serif" font-size="13">""");
        Line($"""<rect width="{Width}" height="{Height}" fill="white"/>""");
        Text(Left, 28, "start", title, "font-size=\"16\" font-weight=\"bold\"");
        Axes(xTicks.Where(x => x >= _minX && x <= _maxX), yTicks);
        foreach (ChartSeries s in series)
        {
            Curve(s);
        }

        Legend(series);
        Line($"</svg>");
        return _svg.ToString();
    }

    private void Axes(IEnumerable<double> xTicks, IEnumerable<double> yTicks)
    {
        foreach (double y in yTicks)
        {
            Line($"""<line x1="{Left}" x2="{Width - Right}" y1="{Y(y):F1}" y2="{Y(y):F1}" stroke="#dddddd"/>""");
            Text(Left - 8, Y(y) + 4, "end", y.ToString("0.###", CultureInfo.InvariantCulture));
        }

        foreach (double x in xTicks)
        {
            Line($"""<line x1="{X(x):F1}" x2="{X(x):F1}" y1="{Height - Bottom}" y2="{Height - Bottom + 5}" stroke="#444444"/>""");
            Text(X(x), Height - Bottom + 20, "middle", x.ToString("#,0.###", CultureInfo.InvariantCulture));
        }

        Line($"""<path d="M{Left} {Top} V{Height - Bottom} H{Width - Right}" fill="none" stroke="#444444"/>""");
        Text((Left + Width - Right) / 2, Height - 18, "middle", xLabel);
        double middle = (Top + Height - Bottom) / 2;
        Text(20, middle, "middle", yLabel, FormattableString.Invariant($"transform=\"rotate(-90 20 {middle})\""));
    }

    private void Curve(ChartSeries s)
    {
        string path = string.Join(' ', s.Points.Select(p => FormattableString.Invariant($"{X(p.X):F1},{Y(p.Y):F1}")));
        string style = s.Markers ? "stroke-width=\"2\"" : "stroke-width=\"1\" stroke-opacity=\"0.55\"";
        Line($"""<polyline points="{path}" fill="none" stroke="{s.Color}" {style}/>""");
        foreach ((double x, double y) in s.Markers ? s.Points : [])
        {
            Line($"""<circle cx="{X(x):F1}" cy="{Y(y):F1}" r="3" fill="{s.Color}"/>""");
        }
    }

    // Losses fall: the corner at the top right is free.
    private void Legend(IReadOnlyList<ChartSeries> series)
    {
        double left = Width - Right - 30 - (7.5 * series.Max(s => s.Name.Length)), y = Top + 14;
        foreach (ChartSeries s in series)
        {
            Line($"""<line x1="{left - 8:F1}" x2="{left + 16:F1}" y1="{y:F1}" y2="{y:F1}" stroke="{s.Color}" stroke-width="{(s.Markers ? 3 : 1)}"/>""");
            Text(left + 24, y + 4, "start", s.Name);
            y += 20;
        }
    }

    private void Text(double x, double y, string anchor, string text, string attributes = "") =>
        Line($"""<text x="{x:F1}" y="{y:F1}" text-anchor="{anchor}" fill="#222222" {attributes}>{WebUtility.HtmlEncode(text)}</text>""");

    private void Line(FormattableString text) => _svg.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private double X(double x) => Left + ((x - _minX) / (_maxX - _minX) * (Width - Left - Right));

    private double Y(double y) => Height - Bottom - ((y - _minY) / (_maxY - _minY) * (Height - Top - Bottom));

    /// <summary>Five to ten round numbers that enclose the range.</summary>
    private static double[] Ticks(double min, double max)
    {
        double range = max > min ? max - min : 1, power = Math.Pow(10, Math.Floor(Math.Log10(range / 5)));
        double step = new[] { 1.0, 2, 5, 10 }.Select(f => f * power).First(s => range / s <= 9);
        double first = Math.Floor(min / step);
        return [.. Enumerable.Range(0, (int)Math.Max(1, Math.Ceiling(max / step) - first) + 1).Select(i => (first + i) * step)];
    }
}
