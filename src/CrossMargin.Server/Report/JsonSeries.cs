using System.Text.Json;
using CrossMargin.Model;
using CrossMargin.Server.Report.Recording;

namespace CrossMargin.Server.Report;

/// <summary>The samples of a run, a column an array; all arrays have the length of "time".</summary>
public static class JsonSeries
{
    public static void Write(Utf8JsonWriter json, RunReport report)
    {
        RunRecorder recorder = report.Recorder;
        SeriesTable table = recorder.Table;
        json.WriteStartObject("series");
        json.WriteNumber("everySteps", recorder.Every);
        Column(json, "time", table, SeriesColumns.Time, t => new Timestamp(t).ToString());
        (string, int)[] counts =
        [
            ("orders", SeriesColumns.Orders), ("trades", SeriesColumns.Trades), ("liquidations", SeriesColumns.Liquidations),
            ("takeovers", SeriesColumns.Takeovers), ("deleveraged", SeriesColumns.Deleveraged),
        ];
        foreach ((string name, int column) in counts) Column(json, name, table, column);
        (string, int)[] volumes =
        [
            ("traderVolume", SeriesColumns.TraderVolume), ("otherVolume", SeriesColumns.HouseVolume),
            ("liquidationVolume", SeriesColumns.LiquidationVolume), ("deleveragedVolume", SeriesColumns.DeleveragedVolume),
        ];
        foreach ((string name, int column) in volumes) Column(json, name, table, column, v => DecimalText.Format(v, 0));
        (string, int)[] fund =
        [
            ("fundWallet", SeriesColumns.FundWallet), ("fundEquity", SeriesColumns.FundEquity), ("deficit", SeriesColumns.Deficit),
        ];
        foreach ((string name, int column) in fund) Column(json, name, table, column, Money);
        json.WriteStartObject("accountsByMarginRatio");
        for (int i = 0; i < RatioBands.Count; i++) Column(json, RatioBands.Names[i], table, SeriesColumns.Band((RatioBand)i));
        json.WriteEndObject();
        Markets(json, report, table);
        json.WriteStartObject("strategies");
        for (int i = 0; i < recorder.Strategies.Count; i++)
        {
            json.WriteStartObject(recorder.Strategies[i]);
            Column(json, "alive", table, recorder.Columns.Alive(i));
            Column(json, "equity", table, recorder.Columns.Equity(i), v => DecimalText.Format(v, 0));
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Markets(Utf8JsonWriter json, RunReport report, SeriesTable table)
    {
        SeriesColumns columns = report.Recorder.Columns;
        json.WriteStartObject("markets");
        foreach (MarketSummary m in report.Markets)
        {
            int market = m.Spec.Id.Value - 1;
            json.WriteStartObject(m.Spec.Symbol);
            (string, MarketColumn)[] prices =
            [
                ("index", MarketColumn.Index), ("mark", MarketColumn.Mark), ("last", MarketColumn.Last), ("lastLow", MarketColumn.LastLow),
                ("lastHigh", MarketColumn.LastHigh),
            ];
            foreach ((string name, MarketColumn column) in prices)
            {
                Column(json, name, table, columns.Market(market, column), v => m.Spec.Format(new Price(v)));
            }

            Column(json, "openInterest", table, columns.Market(market, MarketColumn.OpenInterest), Money);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static string Money(long e8) => new Amount(e8).ToString();

    private static void Column(Utf8JsonWriter json, string name, SeriesTable table, int column, Func<long, string>? text = null)
    {
        // One line a column: thousands of lines of single numbers help nobody.
        json.WritePropertyName(name);
        IEnumerable<string> cells = table.Column(column).Select(v => text is null ? DecimalText.Format(v, 0) : $"\"{text(v)}\"");
        json.WriteRawValue("[" + string.Join(',', cells) + "]", skipInputValidation: true);
    }
}
