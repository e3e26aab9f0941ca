using CrossMargin.Hosting;
using CrossMargin.Hosting.Delivery;
using CrossMargin.Nodes.Machines;
using CrossMargin.Nodes.Pumps;

namespace CrossMargin.Nodes.Views;

/// <summary>
/// What a gateway reads of one actor, asked of its pump, in the pump's context. A snapshot's sequence is the number of the actor's write
/// that covers it; it can be compared with the numbers of the same actor's events and snapshots only. The deleveraging quantile of a leg
/// is 0: the other holders are not known where the account is.
/// </summary>
public static class ActorReads
{
    /// <summary>Null where no such account was ever opened.</summary>
    public static async Task<AccountSnapshot?> AccountAsync(ActorPump pump)
    {
        CommittedView view = await pump.ReadAsync(static machine =>
        {
            var account = (AccountMachine)machine;
            return new AccountViews(account.Actor.State.Profile).Of(account.Actor.State, account.Prices, 0, account.Now);
        });
        return view.View is AccountSnapshot snapshot ? snapshot with { Sequence = view.Number } : null;
    }

    public static async Task<MarketSnapshot> MarketAsync(ActorPump pump)
    {
        CommittedView view = await pump.ReadAsync(static machine =>
        {
            var market = (MarketMachine)machine;
            return MarketViews.Of(market.Actor.View, 0, market.Now);
        });
        return (MarketSnapshot)view.View! with { Sequence = view.Number };
    }

    public static async Task<MarketDepth> DepthAsync(ActorPump pump, int levels)
    {
        CommittedView view = await pump.ReadAsync(machine =>
        {
            var market = (MarketMachine)machine;
            return MarketViews.Depth(market.Actor.View, levels, 0, market.Now);
        });
        return (MarketDepth)view.View! with { Sequence = view.Number };
    }

    public static async Task<FundSnapshot> FundAsync(ActorPump pump)
    {
        CommittedView view = await pump.ReadAsync(static machine =>
        {
            var fund = (FundMachine)machine;
            return MarketViews.Of(fund.Actor.State, fund.Profile, fund.Prices, 0, fund.Now);
        });
        return (FundSnapshot)view.View! with { Sequence = view.Number };
    }
}
