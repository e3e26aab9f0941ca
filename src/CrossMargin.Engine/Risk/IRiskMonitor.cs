using CrossMargin.Model;

namespace CrossMargin.Engine.Risk;

/// <summary>
/// The node's watch over the pools of its accounts (design: the risk index). Not an actor: part of the node, called inside an account's
/// own step, and only about that account.
/// </summary>
public interface IRiskMonitor
{
    /// <summary>
    /// Something other than a price may have lowered the pool's excess (fill, fee, funding, transfer, brackets): it is judged once, when
    /// the work of this command (or turn) is done, in pool order.
    /// </summary>
    void RequestJudge(PoolId pool);

    /// <summary>The account judged the pool sound at the table's prices: keep its box if it still proves safety, else a new one.</summary>
    void Watch(PoolId pool, in PoolView view);

    /// <summary>The pool has no position any more (or is in liquidation): its box is dropped.</summary>
    void Unwatch(PoolId pool);

    /// <summary>The pool is liquidatable, but a market it depends on is paused: it is judged again when that market resumes.</summary>
    void WaitForResume(PoolId pool, MarketId market);
}
