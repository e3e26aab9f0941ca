using System.Globalization;
using System.Text;
using CrossMargin.Embedded.Audit;
using CrossMargin.Hosting;
using CrossMargin.Model;
using CrossMargin.Server.Report.Recording;
using static System.Net.WebUtility;

namespace CrossMargin.Server.Report.Html;

/// <summary>The tables and lists of report.html.</summary>
internal static class HtmlTables
{
    private const int MostDeleveraged = 50;

    public static void Fund(StringBuilder html, RunReport r)
    {
        html.Append("<div class=\"card scroll\"><table><thead><tr><th>Wallet, ").Append(HtmlEncode(r.Profile.SettlementAsset));
        html.Append("</th><th></th></tr></thead><tbody>");
        Row(html, "at the start", r.Fund.Initial.ToString());
        foreach (FundReason reason in Enum.GetValues<FundReason>())
        {
            Int128 sum = r.Recorder.Fund.Sum(reason);
            if (sum != 0) Row(html, Words(reason.ToString()), Signed(sum, DecimalText.Format(sum, 8)));
        }

        Row(html, "at the end", $"<b>{r.Fund.Wallet}</b>");
        Row(html, "lowest", r.Fund.Lowest.ToString());
        if (!r.Fund.Deficit.IsZero) Row(html, "deficit", Signed(r.Fund.Deficit.E8, r.Fund.Deficit.ToString()));
        html.Append("</tbody></table></div>\n");
    }

    public static void Deleveraged(StringBuilder html, RunReport r)
    {
        if (r.Counters.Deleveraged == 0)
        {
            html.Append("<p class=\"none\">No position was deleveraged in this run.</p>");
            return;
        }

        html.Append("<div class=\"card scroll\" style=\"margin-top:14px\"><table>");
        Head(html, "Time", "Market", "Account", "Strategy", "Quantity", "Price", "Rank");
        foreach (Event e in r.Recorder.Deleveraged.Take(MostDeleveraged))
        {
            ref readonly Deleveraged d = ref e.Body<Deleveraged>();
            MarketSpec spec = r.Profile[e.Market];
            Row(
                html, e.Time.ToString()[..19].Replace('T', ' '), spec.Symbol, e.Account.ToString(), JsonReport.Strategy(r, e.Account), spec.Format(d.Quantity),
                spec.Format(d.Price), d.Rank.ToString(CultureInfo.InvariantCulture));
        }

        html.Append("</tbody></table>");
        long more = r.Counters.Deleveraged - Math.Min(MostDeleveraged, r.Recorder.Deleveraged.Count);
        if (more > 0) html.Append(CultureInfo.InvariantCulture, $"<p class=\"none\">and {more:N0} more</p>");
        html.Append("</div>\n");
    }

    public static void Strategies(StringBuilder html, RunReport r)
    {
        html.Append("<div class=\"card scroll\" style=\"margin-top:14px\"><table>");
        Head(
            html, "Strategy", "Accounts", "Alive", "Mean return", "Median", "Best", "Worst", "All together", "Drawdown (median)", "Worst",
            "Liquidated", "Times", "ADL", "Fees");
        foreach (StrategySummary s in r.Strategies)
        {
            Rate alive = Figures.Share(s.Alive, s.Accounts);
            Row(
                html, HtmlEncode(s.Name), Figures.Count(s.Accounts), Bar(alive), Return(s.MeanReturn), Return(s.MedianReturn), Return(s.BestReturn),
                Return(s.WorstReturn), Return(s.TotalReturn), Figures.Percent(s.MedianDrawdown, "0.0"), Figures.Percent(s.WorstDrawdown, "0.0"),
                Figures.Percent(Figures.Share(s.Liquidated, s.Accounts), "0.0"), Figures.Count(s.Liquidations), Figures.Count(s.Deleveraged),
                Figures.ShortAmount(s.Fees));
        }

        html.Append("</tbody></table></div>\n");
    }

    public static void Markets(StringBuilder html, RunReport r)
    {
        html.Append("<div class=\"card scroll\"><table>");
        Head(
            html, "Market", "Index", "Change", "Deepest", "Mark", "Last", "Widest trade − index", "Widest mark − index", "Trades",
            "Of liquidations", "Volume", "House", "Open interest", "Pauses");
        foreach (MarketSummary m in r.Markets.Where(m => !m.FirstIndex.IsNone))
        {
            Row(
                html, HtmlEncode(m.Spec.Symbol), Figures.Price(m.Spec, m.Index), Return(m.Change), Return(m.Fall), Figures.Price(m.Spec, m.Mark),
                Figures.Price(m.Spec, m.Last), Figures.Percent(new Rate(m.Watch.TradeGap)), Figures.Percent(new Rate(m.Watch.MarkGap)),
                Figures.Count(m.Counters.Trades), Figures.Count(m.Counters.LiquidationTrades), Figures.ShortAmount(m.Counters.Volume),
                Figures.Percent(Figures.Share(m.Counters.HouseVolume, m.Counters.Volume), "0.0"), Figures.ShortAmount(m.OpenInterest.E8),
                Figures.Count(m.Watch.Pauses));
        }

        html.Append("</tbody></table></div>\n");
    }

    public static void Liquidations(StringBuilder html, RunReport r)
    {
        IReadOnlyList<LiquidationStory> stories = r.Recorder.Liquidations.Largest();
        if (stories.Count == 0) html.Append("<p class=\"none\">No account was liquidated in this run.</p>");
        foreach (LiquidationStory story in stories)
        {
            IReadOnlyList<LiquidationLine> lines = LiquidationText.Lines(story, r.Profile);
            string who = story.Account == AccountId.Fund ? "insurance fund" : $"{story.Account} ({JsonReport.Strategy(r, story.Account)})";
            html.Append("<details><summary><b>").Append(Figures.ShortAmount(story.Notional.E8)).Append("</b> ").Append(HtmlEncode(who)).Append(" <span>");
            html.Append(story.Events[0].Time.ToString()[..19].Replace('T', ' ')).Append(" · ").Append(HtmlEncode(lines[^1].Text.Split(':')[0]));
            html.Append("</span></summary><ol class=\"story\">");
            foreach (LiquidationLine line in lines)
            {
                html.Append(CultureInfo.InvariantCulture, $"<li class=\"{line.What}\"><time>{line.Time.ToString()[11..19]}</time>{HtmlEncode(line.Text)}</li>");
            }

            html.Append("</ol></details>\n");
        }
    }

    public static void Proof(StringBuilder html, RunReport r)
    {
        html.Append("<div class=\"card\"><p class=\"ok\">").Append(HtmlEncode(ScreenReport.Proof(r.Audit).Last())).Append("</p><div class=\"scroll\"><table>");
        Head(html, "Invariant 1", "Asset", "Sum held", "Paid in", "Difference");
        foreach (AssetAudit a in r.Audit.Assets)
        {
            Row(
                html, "wallets − open cost + fund + houses + fees + dust …", a.Asset, DecimalText.Format(a.Held, 8), DecimalText.Format(a.Paid, 8),
                DecimalText.Format(a.Difference, 8));
        }

        html.Append("</tbody></table><table>");
        Head(html, "Invariant 2", "Accounts (lots)", "Fund", "House", "Sum", "Holders");
        foreach (MarketAudit m in r.Audit.Markets)
        {
            Row(html, m.Symbol, Text(m.Accounts), Text(m.Fund), Text(m.House), $"<b>{Text(m.Sum)}</b>", Figures.Count(m.Holders));
        }

        html.Append("</tbody></table></div><details><summary>Every term</summary><p>");
        foreach (string line in ScreenReport.Proof(r.Audit)) html.Append("<code>").Append(HtmlEncode(line)).Append("</code><br>");
        html.Append("</p></details><p>state hash <code>").Append(r.Facts.StateHash).Append("</code></p></div>\n");

        static string Text(Int128 lots) => lots.ToString(CultureInfo.InvariantCulture);
    }

    private static string Bar(Rate share)
    {
        string width = (share.E8 / 1e6).ToString("0.#", CultureInfo.InvariantCulture);
        return $"<span class=\"bar\"><i style=\"width:{width}%\"></i></span>{Figures.Percent(share, "0.0")}";
    }

    private static string Return(Rate rate) => Signed(rate.E8, Figures.Change(rate));

    private static string Signed(Int128 value, string text) =>
        value < 0 ? $"<span class=\"neg\">{text}</span>" : value > 0 ? $"<span class=\"pos\">{text}</span>" : text;

    private static void Head(StringBuilder html, params string[] names)
    {
        html.Append("<thead><tr>");
        foreach (string name in names) html.Append("<th>").Append(HtmlEncode(name)).Append("</th>");
        html.Append("</tr></thead><tbody>");
    }

    // Cells are HTML: numbers, and names that were encoded.
    private static void Row(StringBuilder html, params string[] cells)
    {
        html.Append("<tr>");
        foreach (string cell in cells) html.Append("<td>").Append(cell).Append("</td>");
        html.Append("</tr>");
    }

    private static string Words(string name) =>
        string.Concat(name.Select((c, i) => i > 0 && char.IsUpper(c) ? " " + char.ToLowerInvariant(c) : char.ToLowerInvariant(c).ToString()));
}
