using CrossMargin.Embedded.Runs;
using CrossMargin.Hosting;
using CrossMargin.Model;
using CrossMargin.Server.Report.Recording;
using CrossMargin.Server.Simulate.Progress;

namespace CrossMargin.Server.Simulate;

/// <summary>
/// Sits beside the sequencer: hands each step to the recorder, shows progress a few times a second and holds a slowed run back. What it
/// costs a step is a look at the clock.
/// </summary>
public sealed class RunWatch(RunRecorder recorder, IRunProgress progress, SpeedGovernor governor, TimeProvider clock, VenueProfile profile)
    : IRunObserver
{
    private readonly long _begin = clock.GetTimestamp();
    private long _shown;
    private long _orders;
    private long _trades;
    private bool _any;

    public void OnStep(in StepSummary step)
    {
        recorder.OnStep(step);
        Show(step);
        governor.Wait(step.Time);
    }

    private void Show(in StepSummary step)
    {
        long now = clock.GetTimestamp();
        TimeSpan since = clock.GetElapsedTime(_any ? _shown : _begin, now);
        if (_any && since < progress.Interval && step.Step != step.StepCount - 1) return;
        RunCounters counters = step.Counters;
        double seconds = Math.Max(since.TotalSeconds, 0.001);
        var markets = new MarketProgress[profile.Markets.Count];
        for (int i = 0; i < markets.Length; i++)
        {
            MarketSpec spec = profile.Markets[i];
            MarketData data = step.Markets[spec.Id];
            Quantity open = counters.Markets[i].OpenInterest;
            markets[i] = new MarketProgress(spec, data, data.Mark.IsNone ? Amount.Zero : spec.Notional(data.Mark, open));
        }

        SeriesTable table = recorder.Table;
        var bands = new long[RatioBands.Count];
        for (int i = 0; i < bands.Length && table.Rows > 0; i++) bands[i] = table[table.Rows - 1, SeriesColumns.Band((RatioBand)i)];
        progress.Show(new ProgressFigures
        {
            Step = step.Step + 1,
            StepCount = step.StepCount,
            Time = step.Time,
            IsReplay = step.IsReplay,
            Elapsed = clock.GetElapsedTime(_begin, now),
            Orders = counters.Orders,
            Trades = counters.Trades,
            OrdersPerSecond = _any ? (long)((counters.Orders - _orders) / seconds) : 0,
            TradesPerSecond = _any ? (long)((counters.Trades - _trades) / seconds) : 0,
            Liquidations = counters.Liquidations,
            Deleveraged = counters.Deleveraged,
            FundWallet = counters.FundWallet,
            Deficit = counters.Deficit,
            Markets = markets,
            Bands = bands,
        });
        (_shown, _orders, _trades, _any) = (now, counters.Orders, counters.Trades, true);
    }
}
