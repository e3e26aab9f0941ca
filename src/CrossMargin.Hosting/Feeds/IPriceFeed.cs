using CrossMargin.Model;

namespace CrossMargin.Hosting;

/// <summary>
/// Where index prices come from, in lock-step: step n has the exchange time <see cref="Start"/> + n × <see cref="StepMilliseconds"/>, for
/// n = 0 … <see cref="StepCount"/> − 1. A feed is a function of its settings (files, seed) and of the step alone: no clock, no state of
/// the exchange, integers or <c>decimal</c> only, so that a run can be repeated on any machine and resumed by replay.
/// Only the host's sequencer calls it, one call at a time; traders never see it, they see what the exchange publishes.
/// </summary>
public interface IPriceFeed : IRunParticipant
{
    /// <summary>Exchange time of step 0.</summary>
    Timestamp Start { get; }

    /// <summary>Exchange time between two steps, &gt; 0.</summary>
    long StepMilliseconds { get; }

    /// <summary>Number of steps, ≥ 1.</summary>
    long StepCount { get; }

    /// <summary>
    /// Appends the prices and funding rates of one step. Called for 0, 1, 2 … without a gap (after <see cref="IRunParticipant.Read"/>: from
    /// the step after the snapshot); any other step is a fault of the caller and throws. <paramref name="updates"/>: at most one entry a
    /// market, in market id order; a market without an entry got no price in this step. <paramref name="funding"/>: recorded rates that
    /// fell due after the step before and not after this step, by time, then market id; empty when the rates are the exchange's own.
    /// </summary>
    void Step(long step, List<IndexUpdate> updates, List<FundingUpdate> funding);
}

/// <summary>The index price of one market at one exchange time.</summary>
/// <param name="Market">The market.</param>
/// <param name="Index">Index price in the market's price units, &gt; 0, not necessarily on a tick.</param>
/// <param name="DepthVolume">
/// Lots ≥ 0: the recorded volume of the bar that this price lies in, by which the house sizes its ladder; 0 when it is not known.
/// </param>
public readonly record struct IndexUpdate(MarketId Market, Price Index, Quantity DepthVolume);

/// <summary>A recorded funding rate.</summary>
/// <param name="Market">The market.</param>
/// <param name="At">The funding time; not later than the step that hands it out.</param>
/// <param name="Rate">Fraction of the notional for this interval as it is (not per 8 hours); positive: longs pay shorts.</param>
public readonly record struct FundingUpdate(MarketId Market, Timestamp At, Rate Rate);
