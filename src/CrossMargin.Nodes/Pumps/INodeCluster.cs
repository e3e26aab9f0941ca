using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;

namespace CrossMargin.Nodes.Pumps;

/// <summary>What a node's loop asks of the cluster. Calls may fail in any way; the loop asks again.</summary>
public interface INodeCluster
{
    /// <summary>Asks a market for its ticks for the lease's time. Its answer is its present prices.</summary>
    Task<LeaseAnswer> RenewAsync(MarketId market, NodeId node);

    /// <summary>Asks the fund for what it tells nodes.</summary>
    Task<FundStatus> RenewFundAsync(NodeId node);

    /// <summary>
    /// Hands a wake-up to an account. False: the account is not active on this node, nothing of it is to be watched here.
    /// </summary>
    Task<bool> JudgeAsync(Message judge);

    /// <summary>Has every account that is active on this node tell a market who watches it: the market has forgotten.</summary>
    void AnnounceAll(MarketId market);
}

/// <summary>A market's present prices and brackets, under its epoch.</summary>
public readonly record struct LeaseAnswer(PriceTick Tick, BracketsTick Brackets);
