using System.Globalization;
using CrossMargin.Embedded.Audit;
using CrossMargin.Embedded.Runs;
using CrossMargin.Model;
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
        foreach (AssetAudit asset in audit.Assets.Where(a => !IsEmpty(a))) yield return asset.ToString();
        AssetAudit[] empty = [.. audit.Assets.Where(IsEmpty)];
        if (empty.Length > 0) yield return $"invariant 1 {string.Join(", ", empty.Select(a => a.Asset))}: nothing was paid in, every term is 0";
        foreach (MarketAudit market in audit.Markets) yield return market.ToString();
        yield return audit.IsSound
            ? $"invariants 1 and 2 hold exactly: {Assets(audit.Assets.Count)} with difference 0, {Markets(audit.Markets.Count)} with Σ quantity = 0 "
                + $"over {audit.Markets.Sum(m => (long)m.Holders):N0} holders, {audit.Accounts} accounts"
            : $"INVARIANTS BROKEN: {string.Join("; ", audit.Violations)}";

        static string Assets(int n) => n == 1 ? "1 asset" : $"{n} assets";

        static string Markets(int n) => n == 1 ? "1 market" : $"{n} markets";
    }

    private static bool IsEmpty(AssetAudit a)
    {
        Int128[] terms =
        [
            a.Wallets, a.OpenCost, a.FundWallet, a.FundOpenCost, a.HouseWallets, a.HouseOpenCost, a.Fees, a.Dust, a.Conversion, a.Deficit, a.InFlight,
            a.Deposits, a.Withdrawals,
        ];
        return Array.TrueForAll(terms, t => t == 0);
    }

    private static Table Markets(RunReport report)
    {
        Table table = Titled("Markets", "Market", "Index", "Change", "Deepest", "Mark", "Last", "Last − index", "Trades", "Volume", "House", "Open int.");
        foreach (MarketSummary m in report.Markets.Where(m => !m.FirstIndex.IsNone))
        {
            table.AddRow(
                m.Spec.Symbol, Figures.Price(m.Spec, m.Index), Figures.Change(m.Change), Figures.Change(m.Fall), Figures.Price(m.Spec, m.Mark),
                Figures.Price(m.Spec, m.Last), Figures.Percent(new Rate(m.Watch.TradeGap)), Figures.Count(m.Counters.Trades),
                Figures.ShortAmount(m.Counters.Volume), Figures.Percent(Figures.Share(m.Counters.HouseVolume, m.Counters.Volume), "0"),
                Figures.ShortAmount(m.OpenInterest.E8));
        }

        return table.Caption("[grey]last − index: the widest of any trade[/]");
    }

    private static Table Strategies(RunReport report)
    {
        Table table = Titled("Strategies", "Strategy", "Accounts", "Alive", "Mean", "Median", "Total return", "Drawdown", "Liquidated", "Times", "ADL");
        foreach (StrategySummary s in report.Strategies)
        {
            table.AddRow(
                s.Name, Figures.Count(s.Accounts), Figures.Percent(Figures.Share(s.Alive, s.Accounts), "0.0"), Figures.Change(s.MeanReturn),
                Figures.Change(s.MedianReturn), Figures.Change(s.TotalReturn), Figures.Percent(s.MedianDrawdown, "0.0"),
                Figures.Percent(Figures.Share(s.Liquidated, s.Accounts), "0.0"), Figures.Count(s.Liquidations), Figures.Count(s.Deleveraged));
        }

        return table.Caption("[grey]alive: worth a tenth of what was paid in; drawdown: median[/]");
    }

    private static IEnumerable<string> Facts(RunReport r)
    {
        RunCounters c = r.Counters;
        double seconds = Math.Max(r.Facts.WallTime.TotalSeconds, 0.001);
        string asset = r.Profile.SettlementAsset;
        yield return $"orders {Figures.Count(c.Orders)}, conditional {Figures.Count(c.ConditionalOrders)}, "
            + $"of liquidations {Figures.Count(c.LiquidationOrders)}, refused {Figures.Count(c.Refused)}; trades {Figures.Count(c.Trades)}";
        yield return $"traded {Figures.Whole(r.Volume)} {asset}: between traders {Figures.Whole(c.TraderVolume)} "
            + $"({Figures.Percent(r.TraderShare)}), with the house {Figures.Whole(c.HouseVolume)}, with the fund {Figures.Whole(c.FundVolume)}";
        yield return $"liquidations {Figures.Count(c.Liquidations)} ({Figures.Whole(c.LiquidationVolume)} through the book), "
            + $"takeovers {Figures.Count(c.Takeovers)} ({Figures.Whole(c.TakeoverVolume)}), "
            + $"deleveraged {Figures.Count(c.Deleveraged)} ({Figures.Whole(c.DeleveragedVolume)}), "
            + $"shortfalls {Figures.Count(c.Shortfalls)} ({Figures.Whole(c.ShortfallAmount)})";
        yield return $"insurance fund {r.Fund.Wallet} {asset} (began {r.Fund.Initial}, lowest {r.Fund.Lowest}, "
            + $"drawn {DecimalText.Format(r.Fund.Drawn, 8)}), equity {r.Fund.Equity}, deficit {r.Fund.Deficit}";
        yield return $"fees {Figures.Whole(c.FeesPaid)}, funding {Figures.Whole(c.FundingPaid)} in {Figures.Count(c.FundingSettlements)} settlements";
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
}
