using System.Globalization;
using System.Net;
using System.Text;

namespace CrossMargin.Server.Report.Html;

/// <summary>A line, area or row of bars over time. NaN is a gap.</summary>
/// <param name="Name">As the legend has it.</param>
/// <param name="Color">Name of a custom property of the style sheet ("c1").</param>
/// <param name="Values">One for each time of the chart.</param>
public sealed record ChartSeries(string Name, string Color, double[] Values)
{
    public SeriesShape Shape { get; init; }

    /// <summary>For <see cref="SeriesShape.Range"/>: the upper edge; <see cref="Values"/> is the lower.</summary>
    public double[]? Upper { get; init; }
}

public enum SeriesShape
{
    Line = 0,
    Dashed = 1,

    /// <summary>On top of the stacked series before it.</summary>
    Stacked = 2,
    Bars = 3,

    /// <summary>The area between two lines.</summary>
    Range = 4,
}

/// <summary>A chart as inline SVG: no script is needed to see it, a little script reads values under the pointer.</summary>
public sealed record TimeChart
{
    private const int Left = 58;
    private const int Right = 12;
    private const int Top = 10;
    private const int Bottom = 24;

    public required string Id { get; init; }
    public required string Title { get; init; }

    /// <summary>One sentence under the title; may be empty.</summary>
    public string Hint { get; init; } = "";
    public required AxisUnit Unit { get; init; }

    /// <summary>Unix milliseconds, rising; at least one.</summary>
    public required long[] Times { get; init; }
    public required IReadOnlyList<ChartSeries> Series { get; init; }
    public bool FromZero { get; init; }
    public int Height { get; init; } = 260;

    /// <summary>Of the page's full width, not of a column's: text then keeps its size.</summary>
    public bool Wide { get; init; }

    private int Width => Wide ? 1120 : 620;

    public void Render(StringBuilder html)
    {
        AxisScale scale = Scale();
        html.Append(CultureInfo.InvariantCulture, $"<figure class=\"chart\" id=\"chart-{Id}\"><figcaption><h3>{WebUtility.HtmlEncode(Title)}</h3>");
        if (Hint.Length > 0) html.Append("<p>").Append(WebUtility.HtmlEncode(Hint)).Append("</p>");
        Legend(html);
        html.Append(CultureInfo.InvariantCulture, $"</figcaption><div class=\"plot\"><svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" ");
        html.Append(CultureInfo.InvariantCulture, $"aria-label=\"{WebUtility.HtmlEncode(Title)}\" data-left=\"{Left}\" data-right=\"{Width - Right}\">");
        Grid(html, scale);
        double[] floor = new double[Times.Length];
        foreach (ChartSeries series in Series) Draw(html, series, scale, floor);
        html.Append(CultureInfo.InvariantCulture, $"<line class=\"cursor\" y1=\"{Top}\" y2=\"{Height - Bottom}\"/></svg><div class=\"tip\"></div></div>");
        Data(html);
        html.Append("</figure>\n");
    }

    private AxisScale Scale()
    {
        double low = FromZero ? 0 : double.PositiveInfinity;
        double high = FromZero ? 0 : double.NegativeInfinity;
        for (int i = 0; i < Times.Length; i++)
        {
            double stack = 0;
            foreach (ChartSeries series in Series)
            {
                double value = series.Values[i];
                if (double.IsNaN(value)) continue;
                if (series.Shape == SeriesShape.Stacked) value = stack += value;
                low = Math.Min(low, value);
                high = Math.Max(high, series.Upper is { } upper && !double.IsNaN(upper[i]) ? upper[i] : value);
            }
        }

        if (double.IsInfinity(low)) (low, high) = (0, 1);
        if (FromZero && high <= low) high = low + 1;
        return AxisScale.Over(low, high);
    }

    private void Legend(StringBuilder html)
    {
        if (Series.Count < 2) return;
        html.Append("<ul class=\"legend\">");
        foreach (ChartSeries s in Series)
        {
            string name = WebUtility.HtmlEncode(s.Name);
            html.Append(CultureInfo.InvariantCulture, $"<li><i style=\"background:var(--{s.Color})\"></i>{name}</li>");
        }

        html.Append("</ul>");
    }

    private void Grid(StringBuilder html, AxisScale scale)
    {
        foreach (double tick in scale.Ticks())
        {
            string y = Y(tick, scale);
            html.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{y}\" y2=\"{y}\"/>");
            html.Append(CultureInfo.InvariantCulture, $"<text class=\"y\" x=\"{Left - 6}\" y=\"{y}\" dy=\"4\">{AxisScale.Label(tick, Unit)}</text>");
        }

        foreach ((long time, string label) in AxisScale.Times(Times[0], Times[^1]))
        {
            string x = X(time);
            html.Append(CultureInfo.InvariantCulture, $"<line class=\"grid t\" x1=\"{x}\" x2=\"{x}\" y1=\"{Top}\" y2=\"{Height - Bottom}\"/>");
            html.Append(CultureInfo.InvariantCulture, $"<text class=\"x\" x=\"{x}\" y=\"{Height - 7}\">{label}</text>");
        }
    }

    private void Draw(StringBuilder html, ChartSeries series, AxisScale scale, double[] floor)
    {
        switch (series.Shape)
        {
            case SeriesShape.Stacked:
                double[] top = new double[floor.Length];
                for (int i = 0; i < top.Length; i++) top[i] = floor[i] + (double.IsNaN(series.Values[i]) ? 0 : series.Values[i]);
                Area(html, series.Color, "stack", floor, top, scale);
                top.CopyTo(floor, 0);
                break;
            case SeriesShape.Range:
                Area(html, series.Color, "range", series.Values, series.Upper!, scale);
                break;
            case SeriesShape.Bars:
                Bars(html, series, scale);
                break;
            default:
                Line(html, series, scale);
                break;
        }
    }

    private void Line(StringBuilder html, ChartSeries series, AxisScale scale)
    {
        string kind = series.Shape == SeriesShape.Dashed ? "line dashed" : "line";
        html.Append(CultureInfo.InvariantCulture, $"<path class=\"{kind}\" style=\"stroke:var(--{series.Color})\" d=\"");
        bool pen = false;
        for (int i = 0; i < Times.Length; i++)
        {
            if (double.IsNaN(series.Values[i]))
            {
                pen = false;
                continue;
            }

            html.Append(pen ? 'L' : 'M').Append(X(Times[i])).Append(' ').Append(Y(series.Values[i], scale));
            pen = true;
        }

        html.Append("\"/>");
    }

    // Gaps end an area and begin the next.
    private void Area(StringBuilder html, string color, string kind, double[] lower, double[] upper, AxisScale scale)
    {
        html.Append(CultureInfo.InvariantCulture, $"<path class=\"{kind}\" style=\"fill:var(--{color})\" d=\"");
        for (int i = 0; i < Times.Length; i++)
        {
            if (double.IsNaN(lower[i]) || double.IsNaN(upper[i])) continue;
            int end = i;
            while (end + 1 < Times.Length && !double.IsNaN(lower[end + 1]) && !double.IsNaN(upper[end + 1])) end++;
            for (int k = i; k <= end; k++) html.Append(k == i ? 'M' : 'L').Append(X(Times[k])).Append(' ').Append(Y(upper[k], scale));
            for (int k = end; k >= i; k--) html.Append('L').Append(X(Times[k])).Append(' ').Append(Y(lower[k], scale));
            html.Append('Z');
            i = end;
        }

        html.Append("\"/>");
    }

    private void Bars(StringBuilder html, ChartSeries series, AxisScale scale)
    {
        double slot = (double)(Width - Left - Right) / Math.Max(Times.Length, 1);
        string width = Number(Math.Max(slot * 0.8, 0.6));
        string zero = Y(0, scale);
        html.Append(CultureInfo.InvariantCulture, $"<g style=\"fill:var(--{series.Color})\">");
        for (int i = 0; i < Times.Length; i++)
        {
            if (!(series.Values[i] > 0)) continue;
            string y = Y(series.Values[i], scale);
            string height = Number(double.Parse(zero, CultureInfo.InvariantCulture) - double.Parse(y, CultureInfo.InvariantCulture));
            html.Append(CultureInfo.InvariantCulture, $"<rect x=\"{X(Times[i])}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/>");
        }

        html.Append("</g>");
    }

    // The values that the pointer reads: as the axis labels them, or the edges of a range.
    private void Data(StringBuilder html)
    {
        html.Append("<script type=\"application/json\">{\"unit\":\"").Append(Unit.ToString().ToLowerInvariant()).Append("\",\"t\":[");
        html.AppendJoin(',', Times).Append("],\"s\":[");
        for (int i = 0; i < Series.Count; i++)
        {
            ChartSeries s = Series[i];
            if (i > 0) html.Append(',');
            html.Append(CultureInfo.InvariantCulture, $"{{\"n\":\"{s.Name.Replace("\"", "").Replace("<", "")}\",\"c\":\"{s.Color}\",\"v\":[");
            html.AppendJoin(',', s.Values.Select(Short)).Append(']');
            if (s.Upper is { } upper) html.Append(",\"u\":[").AppendJoin(',', upper.Select(Short)).Append(']');
            html.Append('}');
        }

        html.Append("]}</script>");
    }

    private static string Short(double value) => double.IsNaN(value) ? "null" : value.ToString("G6", CultureInfo.InvariantCulture);

    private string X(long time)
    {
        double span = Math.Max(Times[^1] - Times[0], 1);
        return Number(Left + ((time - Times[0]) / span * (Width - Left - Right)));
    }

    private string Y(double value, AxisScale scale) =>
        Number(Height - Bottom - ((value - scale.Low) / (scale.High - scale.Low) * (Height - Top - Bottom)));

    private static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
