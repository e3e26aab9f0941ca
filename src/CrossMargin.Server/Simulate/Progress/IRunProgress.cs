using CrossMargin.Embedded.Runs;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Server.Simulate.Progress;

/// <summary>Shows people how a run goes. Called from the sequencer thread.</summary>
public interface IRunProgress
{
    /// <summary>Least time between two calls of <see cref="Show"/>.</summary>
    TimeSpan Interval { get; }

    void Begin(RunHeadline headline);

    void Show(ProgressFigures figures);

    /// <summary>Does the run while the display stands.</summary>
    RunResult During(Func<RunResult> run);
}

/// <summary>What is said before the first step.</summary>
/// <param name="Plan">The run.</param>
/// <param name="ResumedAt">The step at which its last snapshot stands, when it is resumed (0: it has none); else null.</param>
public sealed record RunHeadline(RunPlan Plan, long? ResumedAt)
{
    /// <summary>Two or three lines without markup.</summary>
    public IReadOnlyList<string> Lines()
    {
        string traders = Plan.Accounts.Count == 1 ? "1 trader" : $"{Plan.Accounts.Count} traders";
        Timestamp end = Plan.Feed.Start.AddMilliseconds(Plan.Feed.StepCount * Plan.Feed.StepMilliseconds);
        List<string> lines =
        [
            $"{Plan.Source}",
            $"{Plan.Profile.Markets.Count} markets of {Plan.Profile.Name}, {traders}, {Plan.Feed.Start} to {end} in {Plan.Feed.StepCount} steps",
        ];
        if (ResumedAt is { } step)
        {
            string from = step == 0 ? "the beginning" : $"the snapshot at step {step}";
            lines.Add($"resumed from {from}; the steps after it are done again and compared with the journal");
        }

        return lines;
    }
}

/// <summary>A run at one moment. Prices, amounts and counts as of the step, rates over the time since the last look.</summary>
public sealed record ProgressFigures
{
    public required long Step { get; init; }
    public required long StepCount { get; init; }
    public required Timestamp Time { get; init; }
    public required bool IsReplay { get; init; }
    public required TimeSpan Elapsed { get; init; }
    public required long Orders { get; init; }
    public required long Trades { get; init; }
    public required long OrdersPerSecond { get; init; }
    public required long TradesPerSecond { get; init; }
    public required long Liquidations { get; init; }
    public required long Deleveraged { get; init; }
    public required Amount FundWallet { get; init; }
    public required Amount Deficit { get; init; }
    public required IReadOnlyList<MarketProgress> Markets { get; init; }

    /// <summary>Accounts by band of maintenance / equity, as of the last sample.</summary>
    public required IReadOnlyList<long> Bands { get; init; }

    public long OpenInterestWhole()
    {
        Int128 sum = 0;
        foreach (MarketProgress market in Markets) sum += market.OpenInterest.E8;
        return (long)(sum / Amount.One);
    }
}

/// <summary>One market at one moment; open interest by notional of the long side at the mark.</summary>
public sealed record MarketProgress(MarketSpec Spec, MarketData Data, Amount OpenInterest);
