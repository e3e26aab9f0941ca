using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CrossMargin.Embedded.Audit;
using CrossMargin.Hosting;
using CrossMargin.Model;
using CrossMargin.Server.Report.Recording;

namespace CrossMargin.Server.Report;

/// <summary>
/// report.json: every number of a run. Money, prices, sizes and fractions are decimal strings, counts are numbers. docs/report.md names the
/// fields; they are only ever added to.
/// </summary>
public static class JsonReport
{
    public const int Version = 1;

    private static readonly JsonWriterOptions s_options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(RunReport report)
    {
        var buffer = new ArrayBufferWriter<byte>(1 << 20);
        using (var json = new Utf8JsonWriter(buffer, s_options))
        {
            json.WriteStartObject();
            json.WriteNumber("version", Version);
            json.WriteString("stateHash", report.Facts.StateHash);
            Run(json, report);
            Totals(json, report);
            Fund(json, report);
            Markets(json, report);
            Strategies(json, report);
            Deleveraged(json, report);
            Liquidations(json, report);
            Invariants(json, report.Audit);
            JsonSeries.Write(json, report);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static void Run(Utf8JsonWriter json, RunReport report)
    {
        json.WriteStartObject("run");
        json.WriteString("source", report.Plan.Source);
        json.WriteString("profile", report.Profile.Name);
        json.WriteString("settlementAsset", report.Profile.SettlementAsset);
        json.WriteString("from", report.Start.ToString());
        json.WriteString("to", report.End.ToString());
        json.WriteNumber("steps", report.Plan.Feed.StepCount);
        json.WriteNumber("stepMilliseconds", report.Plan.Feed.StepMilliseconds);
        json.WriteNumber("accounts", report.Plan.Accounts.Count);
        json.WriteBoolean("resumed", report.Facts.Resumed);
        json.WriteString("wallSeconds", report.Facts.WallTime.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture));
        json.WriteNumber("peakMemoryBytes", report.PeakMemoryBytes);
        json.WriteStartObject("settings");
        foreach ((string name, string value) in report.Plan.Settings.Options) json.WriteString(name, value);
        json.WriteEndObject();
        json.WriteStartArray("notes");
        foreach (string note in report.Plan.Notes) json.WriteStringValue(note);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Totals(Utf8JsonWriter json, RunReport report)
    {
        var c = report.Counters;
        json.WriteStartObject("totals");
        json.WriteNumber("commands", c.Commands);
        json.WriteNumber("orders", c.Orders);
        json.WriteNumber("conditionalOrders", c.ConditionalOrders);
        json.WriteNumber("liquidationOrders", c.LiquidationOrders);
        json.WriteNumber("refused", c.Refused);
        json.WriteNumber("trades", c.Trades);
        json.WriteString("volume", Money(report.Volume));
        json.WriteString("traderVolume", Money(c.TraderVolume));
        json.WriteString("houseVolume", Money(c.HouseVolume));
        json.WriteString("fundVolume", Money(c.FundVolume));
        json.WriteString("traderShare", report.TraderShare.ToString());
        json.WriteNumber("liquidations", c.Liquidations);
        json.WriteString("liquidationVolume", Money(c.LiquidationVolume));
        json.WriteNumber("takeovers", c.Takeovers);
        json.WriteString("takeoverVolume", Money(c.TakeoverVolume));
        json.WriteNumber("deleveraged", c.Deleveraged);
        json.WriteString("deleveragedVolume", Money(c.DeleveragedVolume));
        json.WriteNumber("shortfalls", c.Shortfalls);
        json.WriteString("shortfall", Money(c.ShortfallAmount));
        json.WriteString("fees", Money(c.FeesPaid));
        json.WriteString("funding", Money(c.FundingPaid));
        json.WriteNumber("fundingSettlements", c.FundingSettlements);
        json.WriteEndObject();
    }

    private static void Fund(Utf8JsonWriter json, RunReport report)
    {
        FundSummary fund = report.Fund;
        json.WriteStartObject("fund");
        json.WriteString("initial", fund.Initial.ToString());
        json.WriteString("lowest", fund.Lowest.ToString());
        json.WriteString("highest", fund.Highest.ToString());
        json.WriteString("drawn", Money(fund.Drawn));
        json.WriteString("wallet", fund.Wallet.ToString());
        json.WriteString("equity", fund.Equity.ToString());
        json.WriteString("deficit", fund.Deficit.ToString());
        json.WriteStartObject("byReason");
        foreach (FundReason reason in Enum.GetValues<FundReason>()) json.WriteString(Camel(reason), Money(report.Recorder.Fund.Sum(reason)));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Markets(Utf8JsonWriter json, RunReport report)
    {
        json.WriteStartArray("markets");
        foreach (MarketSummary m in report.Markets)
        {
            json.WriteStartObject();
            json.WriteString("symbol", m.Spec.Symbol);
            json.WriteString("firstIndex", m.Spec.Format(m.FirstIndex));
            json.WriteString("lowIndex", m.Spec.Format(m.LowIndex));
            json.WriteString("highIndex", m.Spec.Format(m.HighIndex));
            json.WriteString("index", m.Spec.Format(m.Index));
            json.WriteString("mark", m.Spec.Format(m.Mark));
            json.WriteString("last", m.Spec.Format(m.Last));
            json.WriteString("openInterest", m.OpenInterest.ToString());
            json.WriteNumber("trades", m.Counters.Trades);
            json.WriteString("volume", Money(m.Counters.Volume));
            json.WriteString("houseVolume", Money(m.Counters.HouseVolume));
            json.WriteNumber("liquidationTrades", m.Counters.LiquidationTrades);
            json.WriteString("widestMarkGap", new Rate(m.Watch.MarkGap).ToString());
            json.WriteString("widestLastGap", new Rate(m.Watch.LastGap).ToString());
            json.WriteString("widestTradeGap", new Rate(m.Watch.TradeGap).ToString());
            json.WriteNumber("pauses", m.Watch.Pauses);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Strategies(Utf8JsonWriter json, RunReport report)
    {
        json.WriteStartArray("strategies");
        foreach (StrategySummary s in report.Strategies)
        {
            json.WriteStartObject();
            json.WriteString("name", s.Name);
            json.WriteNumber("accounts", s.Accounts);
            json.WriteNumber("alive", s.Alive);
            json.WriteNumber("liquidated", s.Liquidated);
            json.WriteNumber("liquidations", s.Liquidations);
            json.WriteNumber("deleveraged", s.Deleveraged);
            json.WriteNumber("fills", s.Fills);
            json.WriteString("paidIn", Money(s.PaidIn));
            json.WriteString("equity", Money(s.Equity));
            json.WriteString("fees", Money(s.Fees));
            json.WriteString("funding", Money(s.Funding));
            json.WriteString("totalReturn", s.TotalReturn.ToString());
            json.WriteString("meanReturn", s.MeanReturn.ToString());
            json.WriteString("medianReturn", s.MedianReturn.ToString());
            json.WriteString("bestReturn", s.BestReturn.ToString());
            json.WriteString("worstReturn", s.WorstReturn.ToString());
            json.WriteString("medianDrawdown", s.MedianDrawdown.ToString());
            json.WriteString("worstDrawdown", s.WorstDrawdown.ToString());
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Deleveraged(Utf8JsonWriter json, RunReport report)
    {
        json.WriteStartArray("deleveraged");
        foreach (Event e in report.Recorder.Deleveraged)
        {
            ref readonly Deleveraged d = ref e.Body<Deleveraged>();
            MarketSpec spec = report.Profile[e.Market];
            json.WriteStartObject();
            json.WriteString("time", e.Time.ToString());
            json.WriteString("symbol", spec.Symbol);
            json.WriteNumber("account", e.Account.Value);
            json.WriteString("quantity", spec.Format(d.Quantity));
            json.WriteString("price", spec.Format(d.Price));
            json.WriteNumber("rank", d.Rank);
            json.WriteNumber("round", d.Round);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Liquidations(Utf8JsonWriter json, RunReport report)
    {
        json.WriteStartArray("largestLiquidations");
        foreach (LiquidationStory story in report.Recorder.Liquidations.Largest())
        {
            json.WriteStartObject();
            json.WriteNumber("account", story.Account.Value);
            json.WriteNumber("liquidation", story.Liquidation.Value);
            json.WriteString("strategy", Strategy(report, story.Account));
            json.WriteString("time", story.Events[0].Time.ToString());
            json.WriteString("notional", story.Notional.ToString());
            json.WriteBoolean("over", story.IsOver);
            json.WriteStartArray("record");
            foreach (LiquidationLine line in LiquidationText.Lines(story, report.Profile))
            {
                json.WriteStartObject();
                json.WriteString("time", line.Time.ToString());
                json.WriteString("what", line.What);
                json.WriteString("text", line.Text);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Invariants(Utf8JsonWriter json, AuditFigures audit)
    {
        json.WriteStartObject("invariants");
        json.WriteBoolean("hold", audit.IsSound);
        json.WriteStartArray("assets");
        foreach (AssetAudit a in audit.Assets)
        {
            json.WriteStartObject();
            json.WriteString("asset", a.Asset);
            (string, Int128)[] terms =
            [
                ("wallets", a.Wallets), ("openCost", a.OpenCost), ("fundWallet", a.FundWallet), ("fundOpenCost", a.FundOpenCost),
                ("houseWallets", a.HouseWallets), ("houseOpenCost", a.HouseOpenCost), ("fees", a.Fees), ("dust", a.Dust),
                ("conversion", a.Conversion), ("deficit", a.Deficit), ("inFlight", a.InFlight), ("held", a.Held), ("deposits", a.Deposits),
                ("withdrawals", a.Withdrawals), ("difference", a.Difference),
            ];
            foreach ((string name, Int128 value) in terms) json.WriteString(name, Money(value));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("markets");
        foreach (MarketAudit m in audit.Markets)
        {
            json.WriteStartObject();
            json.WriteString("symbol", m.Symbol);
            json.WriteString("accountLots", m.Accounts.ToString(CultureInfo.InvariantCulture));
            json.WriteNumber("fundLots", m.Fund);
            json.WriteNumber("houseLots", m.House);
            json.WriteString("sum", m.Sum.ToString(CultureInfo.InvariantCulture));
            json.WriteNumber("holders", m.Holders);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>The strategy of an account's trader; the fund's own liquidations have none.</summary>
    public static string Strategy(RunReport report, AccountId account) =>
        report.Recorder.Accounts.Has(account) ? report.Recorder.Strategies[report.Recorder.StrategyOf[account.Value - 1]] : "insurance-fund";

    private static string Money(Int128 e8) => DecimalText.Format(e8, 8);

    private static string Camel(FundReason reason)
    {
        string name = reason.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}
