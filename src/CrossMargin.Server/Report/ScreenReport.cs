using System.Globalization;
using CrossMargin.Embedded.Audit;
using CrossMargin.Embedded.Runs;
using CrossMargin.Model;
using CrossMargin.Server.Report.Recording;
using Spectre.Console;

namespace CrossMargin.Server.Report;

/// <summary>The report as it stands on the screen; its last lines are the invariants and the state hash.</summary>
public static class ScreenReport
{
    public static void Write(IAnsiConsole console, RunReport report, string folder)
    {
        console.WriteLine();
        console.Write(Markets(report));
        console.Write(Strategies(report));
        foreach (string line in Facts(report)) console.Profile.Out.Writer.WriteLine(line);
        foreach (string note in report.Plan.Notes) console.Profile.Out.Writer.WriteLine(note);
        console.Profile.Out.Writer.WriteLine($"report: {Path.Combine(folder, ReportFolder.HtmlName)}, {Path.Combine(folder, ReportFolder.JsonName)}");
        foreach (string line in Proof(report.Audit)) console.Profile.Out.Writer.WriteLine(line);
        console.Profile.Out.Writer.WriteLine($"state hash: {report.Facts.StateHash}");
        console.Profile.Out.Writer.Flush();
    }

    /// <summary>Invariants 1 and 2 in numbers.</summary>
    public static IEnumerable<string> Proof(AuditFigures audit)
    {
        foreach (AssetAudit asset in audit.Assets) yield return asset.ToString();
        foreach (MarketAudit market in audit.Markets) yield return market.ToString();
        yield return audit.IsSound
            ? $"invariants 1 and 2 hold exactly: {Assets(audit.Assets.Count)} with difference 0, {Markets(audit.Markets.Count)} with Σ quantity = 0 "
                + $"over {audit.Markets.Sum(m => (long)m.Holders):N0} holders, {audit.Accounts} accounts"
            : $"INVARIANTS BROKEN: {string.Join("; ", audit.Violations)}";

        static string Assets(int n) => n == 1 ? "1 asset" : $"{n} assets";

        static string Markets(int n) => n == 1 ? "1 market" : $"{n} markets";
    }

    private static Table Markets(RunReport report)
    {
        Table table = Titled("Markets", "Market", "Index", "Change", "Deepest", "Mark", "Last", "Widest last − index", "Trades", "Volume", "House", "Open interest");
        foreach (MarketSummary m in report.Markets.Where(m => !m.FirstIndex.IsNone))
        {
            Rate house = m.Counters.Volume == 0 ? Rate.Zero : new Rate((long)(m.Counters.HouseVolume * Rate.One / m.Counters.Volume));
            table.AddRow(
                m.Spec.Symbol, m.Spec.Format(m.Index), Percent(m.Change), Percent(m.Fall), m.Spec.Format(m.Mark), m.Spec.Format(m.Last),
                Percent(new Rate(m.Watch.TradeGap)), Number(m.Counters.Trades), Whole(m.Counters.Volume), Percent(house), Whole(m.OpenInterest.E8));
        }

        return table;
    }

    private static Table Strategies(RunReport report)
    {
        Table table = Titled(
            "Strategies", "Strategy", "Accounts", "Alive", "Mean return", "Median", "Total", "Median drawdown", "Liquidated", "Liquidations", "ADL");
        foreach (StrategySummary s in report.Strategies)
        {
            table.AddRow(
                s.Name, Number(s.Accounts), Percent(Share(s.Alive, s.Accounts)), Percent(s.MeanReturn), Percent(s.MedianReturn), Percent(s.TotalReturn),
                Percent(s.MedianDrawdown), Percent(Share(s.Liquidated, s.Accounts)), Number(s.Liquidations), Number(s.Deleveraged));
        }

        return table;
    }

    private static IEnumerable<string> Facts(RunReport r)
    {
        RunCounters c = r.Counters;
        double seconds = Math.Max(r.Facts.WallTime.TotalSeconds, 0.001);
        string asset = r.Profile.SettlementAsset;
        yield return $"orders {Number(c.Orders)}, conditional {Number(c.ConditionalOrders)}, of liquidations {Number(c.LiquidationOrders)}, refused {Number(c.Refused)}; "
            + $"trades {Number(c.Trades)}";
        yield return $"traded {Whole(r.Volume)} {asset}: between traders {Whole(c.TraderVolume)} ({Percent(r.TraderShare)}), with the house {Whole(c.HouseVolume)}, "
            + $"with the fund {Whole(c.FundVolume)}";
        yield return $"liquidations {Number(c.Liquidations)} ({Whole(c.LiquidationVolume)} through the book), takeovers {Number(c.Takeovers)} ({Whole(c.TakeoverVolume)}), "
            + $"deleveraged {Number(c.Deleveraged)} ({Whole(c.DeleveragedVolume)}), shortfalls {Number(c.Shortfalls)} ({Whole(c.ShortfallAmount)})";
        yield return $"insurance fund {r.Fund.Wallet} {asset} (began {r.Fund.Initial}, lowest {r.Fund.Lowest}, drawn {r.Fund.Drawn}), equity {r.Fund.Equity}, "
            + $"deficit {r.Fund.Deficit}";
        yield return $"fees {Whole(c.FeesPaid)}, funding {Whole(c.FundingPaid)} in {Number(c.FundingSettlements)} settlements";
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"wall time {seconds:0.0} s ({c.Orders / seconds:N0} orders/s), peak memory {r.PeakMemoryBytes / (1 << 20):N0} MiB");
    }

    private static Table Titled(string title, params string[] columns)
    {
        Table table = new Table().Title($"[bold]{title}[/]").Border(TableBorder.Simple);
        for (int i = 0; i < columns.Length; i++) table.AddColumn(i == 0 ? new TableColumn(columns[i]).NoWrap() : new TableColumn(columns[i]).RightAligned());
        return table;
    }

    internal static Rate Share(long part, long all) => all == 0 ? Rate.Zero : new Rate(part * Rate.One / all);

    internal static string Percent(Rate rate) => string.Create(CultureInfo.InvariantCulture, $"{rate.E8 / 1e6:0.00} %");

    internal static string Whole(Int128 e8) => Number((long)(e8 / Amount.One));

    internal static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
