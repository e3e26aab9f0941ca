using CrossMargin.Embedded.Audit;
using CrossMargin.Embedded.Runs;
using CrossMargin.Model;
using CrossMargin.Server.Report.Recording;
using CrossMargin.Server.Simulate;

namespace CrossMargin.Server.Report;

/// <summary>What is known of a run beside what happened in it.</summary>
/// <param name="StateHash">Of the whole exchange at the end.</param>
/// <param name="WallTime">Of this process, the report apart.</param>
/// <param name="Resumed">Whether the run was taken up from a journal.</param>
/// <param name="Folder">Of the journal.</param>
public sealed record RunFacts(string StateHash, TimeSpan WallTime, bool Resumed, string Folder);

/// <summary>A finished run in numbers. Amounts in 1e-8 of the settlement asset.</summary>
public sealed record RunReport
{
    public required RunPlan Plan { get; init; }
    public required RunFacts Facts { get; init; }
    public required RunCounters Counters { get; init; }
    public required RunRecorder Recorder { get; init; }
    public required AuditFigures Audit { get; init; }
    public required FundSummary Fund { get; init; }
    public required IReadOnlyList<MarketSummary> Markets { get; init; }

    /// <summary>In the order of the mix.</summary>
    public required IReadOnlyList<StrategySummary> Strategies { get; init; }

    public required long PeakMemoryBytes { get; init; }

    public VenueProfile Profile => Plan.Profile;

    public Timestamp Start => Plan.Feed.Start;

    /// <summary>When the last step's interval ends.</summary>
    public Timestamp End => Start.AddMilliseconds(Plan.Feed.StepCount * Plan.Feed.StepMilliseconds);

    /// <summary>Of trades in the book.</summary>
    public Int128 Volume => Counters.TraderVolume + Counters.HouseVolume + Counters.FundVolume;

    /// <summary>Volume between two traders as a part of all, 1e-8; 0 without a trade.</summary>
    public Rate TraderShare => Volume == 0 ? Rate.Zero : new Rate((long)(Counters.TraderVolume * Rate.One / Volume));
}

/// <summary>The insurance fund over the run.</summary>
/// <param name="Initial">Wallet at the start.</param>
/// <param name="Lowest">Of the wallet.</param>
/// <param name="Highest">Of the wallet.</param>
/// <param name="Wallet">At the end.</param>
/// <param name="Equity">Wallet and unrealized profit of what it holds.</param>
/// <param name="Deficit">≤ 0: what not even the fund could bear.</param>
/// <param name="Drawn">All that ever left the wallet, ≥ 0, whatever came in meanwhile.</param>
public sealed record FundSummary(Amount Initial, Amount Lowest, Amount Highest, Amount Wallet, Amount Equity, Amount Deficit, Int128 Drawn);

/// <summary>One market over the run. Prices in its units, gaps in 1e-8 of the index.</summary>
public sealed record MarketSummary
{
    public required MarketSpec Spec { get; init; }
    public required Price FirstIndex { get; init; }
    public required Price LowIndex { get; init; }
    public required Price HighIndex { get; init; }
    public required Price Index { get; init; }
    public required Price Mark { get; init; }
    public required Price Last { get; init; }
    public required MarketCounters Counters { get; init; }
    public required Amount OpenInterest { get; init; }
    public required MarketWatch Watch { get; init; }

    /// <summary>From the first to the last index, 1e-8.</summary>
    public Rate Change => FirstIndex.IsNone ? Rate.Zero : new((long)((Int128)(Index.Units - FirstIndex.Units) * Rate.One / FirstIndex.Units));

    /// <summary>From the first to the lowest index, 1e-8.</summary>
    public Rate Fall => FirstIndex.IsNone ? Rate.Zero : new((long)((Int128)(LowIndex.Units - FirstIndex.Units) * Rate.One / FirstIndex.Units));
}

/// <summary>How the accounts of one strategy fared. Returns and drawdowns are fractions in 1e-8.</summary>
public sealed record StrategySummary
{
    public required string Name { get; init; }
    public required int Accounts { get; init; }

    /// <summary>Worth at least a tenth of what was paid in.</summary>
    public required int Alive { get; init; }

    /// <summary>Liquidated at least once.</summary>
    public required int Liquidated { get; init; }
    public required long Liquidations { get; init; }
    public required long Deleveraged { get; init; }
    public required long Fills { get; init; }
    public required Int128 PaidIn { get; init; }
    public required Int128 Equity { get; init; }
    public required Int128 Fees { get; init; }
    public required Int128 Funding { get; init; }
    public required Rate MeanReturn { get; init; }
    public required Rate MedianReturn { get; init; }
    public required Rate BestReturn { get; init; }
    public required Rate WorstReturn { get; init; }
    public required Rate MedianDrawdown { get; init; }

    /// <summary>The deepest of any account.</summary>
    public required Rate WorstDrawdown { get; init; }

    /// <summary>All accounts together.</summary>
    public Rate TotalReturn => PaidIn == 0 ? Rate.Zero : new((long)((Equity - PaidIn) * Rate.One / PaidIn));
}
