using System.Globalization;
using System.Text;
using static System.Net.WebUtility;

namespace CrossMargin.Server.Report.Html;

/// <summary>report.html: one file with everything in it; nothing is loaded from elsewhere.</summary>
public static class HtmlReport
{
    public static string Write(RunReport report)
    {
        var html = new StringBuilder(1 << 20);
        var charts = new ReportCharts(report);
        html.Append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
        html.Append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>CrossMargin: ").Append(HtmlEncode(report.Plan.Source));
        html.Append("</title><style>").Append(Resource("report.css")).Append(TabRules(charts)).Append("</style></head><body><main>\n");
        Header(html, report);
        Tiles(html, report);
        html.Append("<h2>Prices</h2>");
        charts.Overview().Render(html);
        Tabs(html, charts);
        html.Append("<h2>Market and margin</h2><div class=\"grid2\">");
        charts.OpenInterest().Render(html);
        charts.Volume().Render(html);
        charts.Bands().Render(html);
        charts.Endangered().Render(html);
        charts.Liquidations().Render(html);
        charts.LiquidationVolume().Render(html);

        html.Append("</div><h2>Insurance fund</h2><div class=\"grid2\">");
        charts.Fund().Render(html);
        HtmlTables.Fund(html, report);
        html.Append("</div>");
        html.Append("<h2>Deleveraging</h2>");
        charts.Deleveraging().Render(html);
        HtmlTables.Deleveraged(html, report);
        html.Append("<h2>Strategies</h2><div class=\"grid2\">");
        charts.Survival().Render(html);
        charts.Equity().Render(html);
        html.Append("</div>");
        HtmlTables.Strategies(html, report);
        html.Append("<h2>Markets</h2>");
        HtmlTables.Markets(html, report);
        html.Append("<h2>Largest liquidations</h2>");
        HtmlTables.Liquidations(html, report);
        html.Append("<h2>Proof</h2>");
        HtmlTables.Proof(html, report);
        Footer(html, report);
        html.Append("</main><script>").Append(Resource("report.js")).Append("</script></body></html>\n");
        return html.ToString();
    }

    private static void Header(StringBuilder html, RunReport r)
    {
        html.Append("<h1>").Append(HtmlEncode($"{r.Plan.Accounts.Count:N0} traders, {r.Markets.Count(m => !m.FirstIndex.IsNone)} markets")).Append("</h1>");
        string period = $"{r.Start.ToString()[..16].Replace('T', ' ')} to {r.End.ToString()[..16].Replace('T', ' ')} UTC";
        html.Append("<p class=\"sub\">").Append(HtmlEncode($"{period} · {r.Plan.Source} · profile {r.Profile.Name}")).Append("</p>");
        foreach (string note in r.Plan.Notes) html.Append("<p class=\"sub\">").Append(HtmlEncode(note)).Append("</p>");
    }

    private static void Tiles(StringBuilder html, RunReport r)
    {
        var c = r.Counters;
        string asset = r.Profile.SettlementAsset;
        html.Append("<div class=\"tiles\">");
        Tile("Orders", Figures.Count(c.Orders), $"{Figures.Count(c.Refused)} commands refused");
        Tile("Trades", Figures.Count(c.Trades), $"{Figures.ShortAmount(r.Volume)} {asset}");
        Tile("Between traders", Figures.Percent(r.TraderShare, "0.0"), "of the volume; the rest with house and fund");
        Tile("Liquidations", Figures.Count(c.Liquidations), $"{Figures.ShortAmount(c.LiquidationVolume)} {asset} through the book");
        string lowest = $"lowest {Figures.ShortAmount(r.Fund.Lowest.E8)} of {Figures.ShortAmount(r.Fund.Initial.E8)} {asset}";
        Tile("Fund drawn", Figures.ShortAmount(r.Fund.Drawn), lowest);
        Tile("Shortfalls", Figures.Count(c.Shortfalls), $"{Figures.ShortAmount(c.ShortfallAmount)} {asset}; deficit {Figures.ShortAmount(r.Fund.Deficit.E8)}");
        Tile("Deleveraged", Figures.Count(c.Deleveraged), $"{Figures.ShortAmount(c.DeleveragedVolume)} {asset}");
        Tile("Wall time", Figures.Short(r.Facts.WallTime.TotalSeconds) + " s", $"peak memory {Figures.Count(r.PeakMemoryBytes >> 20)} MiB");
        html.Append("</div>\n");

        void Tile(string name, string value, string more) => html.Append("<div class=\"tile\"><span>").Append(HtmlEncode(name)).Append("</span><b>")
            .Append(HtmlEncode(value)).Append("</b><small>").Append(HtmlEncode(more)).Append("</small></div>");
    }

    // One market's chart at a time, chosen without script: a radio button shows its panel.
    private static void Tabs(StringBuilder html, ReportCharts charts)
    {
        html.Append("<div class=\"tabs\" style=\"margin-top:14px\">");
        int i = 0;
        foreach (MarketSummary market in charts.Priced())
        {
            string check = i == 0 ? " checked" : "";
            html.Append(CultureInfo.InvariantCulture, $"<input type=\"radio\" name=\"market\" id=\"m{i}\"{check}>");
            html.Append(CultureInfo.InvariantCulture, $"<label for=\"m{i}\">{HtmlEncode(market.Spec.Symbol)}</label>");
            i++;
        }

        i = 0;
        foreach (MarketSummary market in charts.Priced())
        {
            html.Append(CultureInfo.InvariantCulture, $"<div class=\"panel p{i++}\">");
            charts.Market(market).Render(html);
            charts.Gap(market).Render(html);
            html.Append("</div>");
        }

        html.Append("</div>\n");
    }

    private static string TabRules(ReportCharts charts) =>
        string.Join(',', charts.Priced().Select((_, i) => $"#m{i}:checked~.p{i}")) + "{display:block}";

    private static void Footer(StringBuilder html, RunReport r)
    {
        string journal = r.Plan.Settings[Simulate.SettingNames.Seed] is { } seed ? $"seed {seed}" : "scripted";
        html.Append("<footer>CrossMargin, ").Append(HtmlEncode(journal)).Append(". All figures exactly: report.json.</footer>");
    }

    private static string Resource(string name)
    {
        using Stream stream = typeof(HtmlReport).Assembly.GetManifestResourceStream("report/" + name)
            ?? throw new InvalidOperationException($"the program was built without {name}");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
