using System.Globalization;
using CrossMargin.Embedded.Runs;
using CrossMargin.Hosting;
using CrossMargin.Model;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace CrossMargin.Server.Simulate.Progress;

/// <summary>A table that is drawn in place, a few times a second.</summary>
public sealed class LiveProgress(IAnsiConsole console) : IRunProgress
{
    private static readonly string[] s_bandNames = ["flat", "< 25 %", "25–50 %", "50–75 %", "75–90 %", "≥ 90 %", "liquidating"];
    private static readonly Color[] s_bandColors = [Color.Grey, Color.Green, Color.GreenYellow, Color.Yellow, Color.Orange1, Color.Red, Color.Purple];

    private readonly Dictionary<MarketId, Price> _first = [];
    private LiveDisplayContext? _context;

    public TimeSpan Interval => TimeSpan.FromMilliseconds(250);

    public void Begin(RunHeadline headline)
    {
        foreach (string line in headline.Lines()) console.MarkupLineInterpolated($"[grey]{line}[/]");
    }

    public RunResult During(Func<RunResult> run) => console.Live(new Text("")).AutoClear(true).Start(context =>
    {
        _context = context;
        return run();
    });

    public void Show(ProgressFigures figures)
    {
        if (_context is null) return;
        _context.UpdateTarget(new Rows(Headline(figures), Markets(figures), Figures(figures), Bands(figures)));
        _context.Refresh();
    }

    private static Markup Headline(ProgressFigures f)
    {
        const int Width = 40;
        int filled = (int)(Width * f.Step / f.StepCount);
        string again = f.IsReplay ? " [yellow]doing again what the journal holds[/]" : "";
        return new Markup(
            $"[bold]{f.Time.ToString()[..19].Replace('T', ' ')}[/] UTC  [green]{new string('━', filled)}[/][grey]{new string('━', Width - filled)}[/] "
            + $"{100 * f.Step / f.StepCount} %  [grey]{f.Elapsed:mm\\:ss}[/]{again}");
    }

    private Table Markets(ProgressFigures f)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("Market");
        foreach (string name in (string[])["Index", "Mark", "Last", "Change", "Last − index", "Open interest"])
        {
            table.AddColumn(new TableColumn(name).RightAligned());
        }

        foreach (MarketProgress m in f.Markets)
        {
            MarketData d = m.Data;
            if (d.Index.IsNone) continue;
            _first.TryAdd(m.Spec.Id, d.Index);
            string pause = d.Pause == PauseReason.None ? "" : " [red]paused[/]";
            table.AddRow(
                $"{m.Spec.Symbol}{pause}", Price(m.Spec, d.Index), Price(m.Spec, d.Mark), Price(m.Spec, d.Last), Change(_first[m.Spec.Id], d.Index),
                d.Last.IsNone ? "" : Change(d.Index, d.Last), Number(m.OpenInterest.E8 / Amount.One));
        }

        return table;
    }

    private static Columns Figures(ProgressFigures f)
    {
        string fund = f.FundWallet.IsPositive ? "green" : "red";
        string deficit = f.Deficit.IsZero ? "" : $"  [red]deficit {Number(f.Deficit.E8 / Amount.One)}[/]";
        return new Columns(
            new Markup($"[bold]{Number(f.OrdersPerSecond)}[/] orders/s [grey]({Number(f.Orders)})[/]"),
            new Markup($"[bold]{Number(f.TradesPerSecond)}[/] trades/s [grey]({Number(f.Trades)})[/]"),
            new Markup($"open interest [bold]{Number(f.OpenInterestWhole())}[/]"),
            new Markup($"[bold]{Number(f.Liquidations)}[/] liquidations, [bold]{Number(f.Deleveraged)}[/] deleveraged"),
            new Markup($"fund [{fund}]{Number(f.FundWallet.E8 / Amount.One)}[/]{deficit}"));
    }

    private static IRenderable Bands(ProgressFigures f)
    {
        var chart = new BreakdownChart().FullSize();
        for (int i = 0; i < f.Bands.Count; i++) chart.AddItem(s_bandNames[i], f.Bands[i], s_bandColors[i]);
        return f.Bands.Any(b => b > 0) ? new Rows(new Markup("[grey]accounts by maintenance / equity[/]"), chart) : new Text("");
    }

    private static string Price(MarketSpec spec, Price price) => price.IsNone ? "" : spec.Format(price);

    private static string Change(Price from, Price to)
    {
        double change = 100.0 * (to.Units - from.Units) / from.Units;
        string color = change < -0.005 ? "red" : change > 0.005 ? "green" : "grey";
        return string.Create(CultureInfo.InvariantCulture, $"[{color}]{change:+0.00;-0.00;0.00} %[/]");
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
