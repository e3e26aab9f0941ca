using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Runs;

/// <summary>A run after one step. Valid during the call.</summary>
public readonly ref struct StepSummary
{
    public required long Step { get; init; }
    public required long StepCount { get; init; }
    public required Timestamp Time { get; init; }

    /// <summary>Whether the step was at least begun by the process before this one.</summary>
    public required bool IsReplay { get; init; }

    /// <summary>Sums since the start of the run.</summary>
    public required RunCounters Counters { get; init; }

    /// <summary>Public data of the markets as the traders of this step saw it.</summary>
    public required IMarketDataView Markets { get; init; }
}
