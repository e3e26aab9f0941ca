using CrossMargin.Model;
using CrossMargin.Server.Report.Recording;

namespace CrossMargin.Server.Report.Html;

/// <summary>The charts of a report, made of the run's samples.</summary>
public sealed class ReportCharts(RunReport report)
{
    private const int BarCount = 120;

    private static readonly string[] s_bandNames = ["no position", "below 25 %", "25 to 50 %", "50 to 75 %", "75 to 90 %", "90 % and more", "in liquidation"];

    private readonly SeriesTable _table = report.Recorder.Table;
    private readonly SeriesColumns _columns = report.Recorder.Columns;
    private readonly long[] _times = report.Recorder.Table.Column(SeriesColumns.Time);

    public TimeChart Overview() => new()
    {
        Id = "prices",
        Title = "Index prices",
        Hint = "Change since the start of the run.",
        Unit = AxisUnit.Percent,
        Times = _times,
        Series = [.. Priced().Select((m, i) => new ChartSeries(m.Spec.Symbol, Color(i), Relative(m)))],
        Height = 300,
        Wide = true,
    };

    public TimeChart Market(MarketSummary m) => new()
    {
        Id = "market-" + m.Spec.Symbol,
        Title = m.Spec.Symbol,
        Hint = $"The band spans all trades between two samples. Widest of any trade from the index: {Figures.Percent(new Rate(m.Watch.TradeGap))}; "
            + $"of the mark: {Figures.Percent(new Rate(m.Watch.MarkGap))}.",
        Unit = AxisUnit.Price,
        Times = _times,
        Series =
        [
            new("trades", "c4", Prices(m, MarketColumn.LastLow)) { Shape = SeriesShape.Range, Upper = Prices(m, MarketColumn.LastHigh) },
            new("index", "c8", Prices(m, MarketColumn.Index)),
            new("mark", "c1", Prices(m, MarketColumn.Mark)) { Shape = SeriesShape.Dashed },
            new("last", "c2", Prices(m, MarketColumn.Last)),
        ],
        Height = 300,
        Wide = true,
    };

    /// <summary>How far mark and last stray from the index: too little to be seen in the chart of prices.</summary>
    public TimeChart Gap(MarketSummary m) => new()
    {
        Id = "gap-" + m.Spec.Symbol,
        Title = m.Spec.Symbol + ": distance from the index",
        Unit = AxisUnit.Percent,
        Times = _times,
        Series = [new("mark", "c1", Distance(m, MarketColumn.Mark)), new("last", "c2", Distance(m, MarketColumn.Last))],
        Height = 180,
        Wide = true,
    };

    public TimeChart OpenInterest() => new()
    {
        Id = "open-interest",
        Title = "Open interest",
        Hint = $"Long side by notional at the mark, in {report.Profile.SettlementAsset}.",
        Unit = AxisUnit.Money,
        Times = _times,
        FromZero = true,
        Series =
        [
            .. Priced().Select((m, i) => new ChartSeries(m.Spec.Symbol, Color(i), Column(_columns.Market(m.Spec.Id.Value - 1, MarketColumn.OpenInterest), 1e-8))
            {
                Shape = SeriesShape.Stacked,
            }),
        ],
    };

    public TimeChart Bands() => new()
    {
        Id = "margin-ratio",
        Title = "Accounts by margin ratio",
        Hint = "Maintenance / equity of an account's worst pool: 100 % is liquidation. Accounts without a position are left out.",
        Unit = AxisUnit.Count,
        Times = _times,
        FromZero = true,
        Series =
        [
            .. Enumerable.Range(1, RatioBands.Count - 1).Reverse().Select(Band),
        ],
    };

    public TimeChart Endangered() => Bands() with
    {
        Id = "endangered",
        Title = "Accounts near liquidation",
        Hint = "Of the same accounts those from 50 % on.",
        Series =
        [
            .. Enumerable.Range((int)RatioBand.Below75, RatioBands.Count - (int)RatioBand.Below75).Reverse().Select(Band),
        ],
    };

    public TimeChart Liquidations() => Bars(
        "liquidations", "Liquidations", $"Started in each {Span()}.", AxisUnit.Count, ("started", "bad", SeriesColumns.Liquidations));

    public TimeChart LiquidationVolume() => Bars(
        "liquidation-volume", "Liquidations through the book", $"Notional traded by liquidations in each {Span()}, in {report.Profile.SettlementAsset}.",
        AxisUnit.Money, ("volume", "c4", SeriesColumns.LiquidationVolume));

    public TimeChart Volume() => Bars(
        "volume", "Traded volume", $"In each {Span()}, in {report.Profile.SettlementAsset}; front: between two traders, behind: with house and fund too.",
        AxisUnit.Money, ("all", "c8", -1), ("between traders", "c1", SeriesColumns.TraderVolume));

    public TimeChart Fund() => new()
    {
        Id = "fund",
        Title = "Insurance fund",
        Hint = $"Wallet, and equity with the positions it has taken over, in {report.Profile.SettlementAsset}."
            + (report.Fund.Deficit.IsZero ? "" : " The deficit is what not even the fund could bear."),
        Unit = AxisUnit.Money,
        Times = _times,
        Series =
        [
            new("wallet", "c1", Column(SeriesColumns.FundWallet, 1e-8)),
            new("equity", "c3", Column(SeriesColumns.FundEquity, 1e-8)) { Shape = SeriesShape.Dashed },
            .. report.Fund.Deficit.IsZero ? Array.Empty<ChartSeries>() : [new ChartSeries("deficit", "bad", Column(SeriesColumns.Deficit, 1e-8))],
        ],
    };

    public TimeChart Deleveraging() => Bars(
        "adl", "Auto-deleveraging", $"Positions deleveraged in each {Span()}.", AxisUnit.Count, ("positions", "b6", SeriesColumns.Deleveraged)) with
    {
        Wide = true,
        Height = report.Counters.Deleveraged == 0 ? 110 : 220,
    };

    public TimeChart Survival() => new()
    {
        Id = "survival",
        Title = "Survival by strategy",
        Hint = "Share of accounts worth at least a tenth of what was paid in.",
        Unit = AxisUnit.Percent,
        Times = _times,
        Series =
        [
            .. report.Strategies.Select((s, i) => new ChartSeries(s.Name, Color(i), Column(_columns.Alive(i), 100.0 / Math.Max(s.Accounts, 1)))),
        ],
        Height = 300,
    };

    public TimeChart Equity() => new()
    {
        Id = "strategy-equity",
        Title = "Equity by strategy",
        Hint = "All accounts of a strategy together, change against what was paid in.",
        Unit = AxisUnit.Percent,
        Times = _times,
        Series =
        [
            .. report.Strategies.Where(s => s.PaidIn > 0).Select((s, i) =>
            {
                int strategy = Array.IndexOf([.. report.Recorder.Strategies], s.Name);
                double paid = (double)s.PaidIn / Amount.One;
                return new ChartSeries(s.Name, Color(i), [.. _table.Column(_columns.Equity(strategy)).Select(v => 100 * ((v / paid) - 1))]);
            }),
        ],
        Height = 300,
    };

    public IEnumerable<MarketSummary> Priced() => report.Markets.Where(m => !m.FirstIndex.IsNone);

    internal static string Color(int i) => "c" + ((i % 12) + 1);

    // Sums that grow over the run become bars of what each stretch added.
    private TimeChart Bars(string id, string title, string hint, AxisUnit unit, params (string Name, string Color, int Column)[] sums)
    {
        int group = Group();
        int count = (_times.Length + group - 1) / group;
        long[] times = new long[count];
        for (int i = 0; i < count; i++) times[i] = _times[i * group];
        var series = new List<ChartSeries>();
        foreach ((string name, string color, int column) in sums)
        {
            long[] total = column >= 0
                ? _table.Column(column)
                : [.. _table.Column(SeriesColumns.TraderVolume).Zip(_table.Column(SeriesColumns.HouseVolume), (a, b) => a + b)];
            double[] added = new double[count];
            for (int i = 0; i < count; i++)
            {
                long before = i == 0 ? 0 : total[(i * group) - 1];
                added[i] = total[Math.Min(((i + 1) * group) - 1, total.Length - 1)] - before;
            }

            series.Add(new ChartSeries(name, color, added) { Shape = SeriesShape.Bars });
        }

        return new TimeChart { Id = id, Title = title, Hint = hint, Unit = unit, Times = times, Series = series, FromZero = true, Height = 220 };
    }

    private int Group() => Math.Max(1, (_times.Length + BarCount - 1) / BarCount);

    private string Span()
    {
        long seconds = Group() * report.Recorder.Every * report.Plan.Feed.StepMilliseconds / 1000;
        return seconds >= 120 ? $"{seconds / 60.0:0.#} minutes" : $"{seconds} s";
    }

    private ChartSeries Band(int band) =>
        new(s_bandNames[band], "b" + band, Column(SeriesColumns.Band((RatioBand)band), 1)) { Shape = SeriesShape.Stacked };

    private double[] Relative(MarketSummary m)
    {
        double first = Figures.Value(m.Spec, m.FirstIndex.Units);
        return [.. Prices(m, MarketColumn.Index).Select(p => 100 * ((p / first) - 1))];
    }

    private double[] Distance(MarketSummary m, MarketColumn column) =>
        [.. Prices(m, column).Zip(Prices(m, MarketColumn.Index), (price, index) => 100 * ((price / index) - 1))];

    private double[] Prices(MarketSummary m, MarketColumn column) =>
        [.. _table.Column(_columns.Market(m.Spec.Id.Value - 1, column)).Select(u => u == 0 ? double.NaN : Figures.Value(m.Spec, u))];

    private double[] Column(int column, double factor) => [.. _table.Column(column).Select(v => v * factor)];
}
