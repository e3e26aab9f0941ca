using System.Globalization;
using CrossMargin.Embedded.Runs;
using CrossMargin.Server.Report.Recording;
using Spectre.Console;

namespace CrossMargin.Server.Simulate.Progress;

/// <summary>One line every few seconds, for an output that is no terminal.</summary>
public sealed class PlainProgress(IAnsiConsole console) : IRunProgress
{
    public TimeSpan Interval => TimeSpan.FromSeconds(3);

    public void Begin(RunHeadline headline)
    {
        foreach (string line in headline.Lines()) Line(line);
    }

    public void Show(ProgressFigures f)
    {
        IEnumerable<MarketProgress> first = f.Markets.Where(m => !m.Data.Mark.IsNone).Take(2);
        string prices = string.Join(' ', first.Select(m => $"{m.Spec.Symbol} {Report.Figures.Price(m.Spec, m.Data.Mark)}"));
        string again = f.IsReplay ? " (again)" : "";
        string deficit = f.Deficit.IsZero ? "" : $", deficit {f.Deficit.E8 / Model.Amount.One:N0}";
        string endangered = $"{f.Bands[(int)RatioBand.Critical]:N0}";
        Line(string.Create(
            CultureInfo.InvariantCulture,
            $"{f.Time.ToString()[..19]} {100 * f.Step / f.StepCount,3}%{again} {prices} | {f.OrdersPerSecond:N0} orders/s {f.TradesPerSecond:N0} trades/s"
            + $" | OI {f.OpenInterestWhole():N0} | {f.Liquidations:N0} liquidations, {endangered} accounts from 90 %"
            + $" | fund {f.FundWallet.E8 / Model.Amount.One:N0}{deficit}"));
    }

    public RunResult During(Func<RunResult> run) => run();

    // Past the console's word wrap: one line of figures is one line of the output.
    private void Line(string text)
    {
        console.Profile.Out.Writer.WriteLine(text);
        console.Profile.Out.Writer.Flush();
    }
}
