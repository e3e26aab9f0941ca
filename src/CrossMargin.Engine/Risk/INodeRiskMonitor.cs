using CrossMargin.Engine.Actors;
using CrossMargin.Model;

namespace CrossMargin.Engine.Risk;

/// <summary>
/// The risk monitor as its host drives it: it takes the markets' ticks and wakes the accounts of pools that must be judged. Ticks and
/// <see cref="IRiskMonitor.RequestJudge"/> only mark pools; <see cref="Flush"/> wakes them, in pool order, when nothing else is queued.
/// So a pool's turn does not depend on when its box was crossed, which a restart or another monitor would change: a woken pool that is
/// sound changes nothing, and those that are liquidatable at the flush come in the same order whatever the boxes were. Every
/// <see cref="JudgePool"/> of a pool in no liquidation must be answered by Watch, Unwatch or WaitForResume.
/// </summary>
public interface INodeRiskMonitor : IRiskMonitor
{
    RiskCounters Counters { get; }

    /// <summary>
    /// Takes a tick into the price table and marks each pool whose box it leaves, and all that wait for this market if its pause is over.
    /// False, and nothing done, if a newer tick of the market was there before.
    /// </summary>
    bool Receive(in PriceTick tick);

    /// <summary>Appends a JudgePool message for each marked pool, in pool order; returns how many. Call when the queue is empty.</summary>
    int Flush(MessageQueue queue);

    /// <summary>How many liquidatable pools wait for this market to resume.</summary>
    int WaitingCount(MarketId market);

    /// <summary>Whether a pool waits, and for which market.</summary>
    bool TryGetWaiting(PoolId pool, out MarketId market);

    /// <summary>Appends the pools that wait for a market, in pool order.</summary>
    void CopyWaiting(MarketId market, List<PoolId> pools);
}

/// <summary>What a monitor has done since it was made; for metrics, in no state and no hash.</summary>
/// <param name="Judged">JudgePool messages sent.</param>
/// <param name="BoxesBuilt">New safe boxes.</param>
/// <param name="BoxesKept">Times a box still proved safety after its pool had changed.</param>
/// <param name="Crossed">Pools found by a price beyond their box.</param>
public readonly record struct RiskCounters(long Judged, long BoxesBuilt, long BoxesKept, long Crossed);
