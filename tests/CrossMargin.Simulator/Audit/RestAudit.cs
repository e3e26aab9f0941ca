using CrossMargin.Engine.Accounts;
using CrossMargin.Engine.InsuranceFund;
using CrossMargin.Engine.Liquidation;
using CrossMargin.Engine.Margin;
using CrossMargin.Engine.Markets;
using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;
using CrossMargin.Simulator.World;
using CrossMargin.TestKit.Exchange;

namespace CrossMargin.Simulator.Audit;

/// <summary>What must hold when no fault has been injected for a while.</summary>
internal sealed class RestAudit(Universe world)
{
    private EngineActors Actors => world.Audit.Actors;

    /// <summary>What is still under way with prices and clock running, or null: commands, liquidations, rounds.</summary>
    public string? Unfinished()
    {
        if (world.Gateway.Unanswered > 0) return $"6: {world.Gateway.Unanswered} commands have no answer: {world.Gateway.Describe()}";
        foreach (MarketActor market in Actors.Markets)
        {
            if (market.View.Pause != PauseReason.None) return $"{market.Address} is paused: {market.View.Pause}";
            if (market.View.PendingDeleverages > 0) return $"{market.Address} has {market.View.PendingDeleverages} deleveraging rounds";
            if (market.View.UnsentFunding != 0) return $"{market.Address} has unsent funding";
        }

        foreach (AccountActor account in Actors.Accounts)
        {
            if (account.State.HeldByRound != 0) return $"{account.Id} is held by round {account.State.HeldByRound} of {account.State.HeldByMarket}";
            if (account.State.Liquidations is { Count: > 0 } cases) return $"3: {account.Id} is in liquidation: {Describe(cases[0])}";
        }

        foreach (FundPosition p in Actors.Fund.State.Positions)
        {
            if (!p.Promised.IsZero || p.Deleveraging) return $"the fund waits for {p.Promised} promised lots (deleveraging {p.Deleveraging})";
        }

        return null;
    }

    /// <summary>What is still on its way when prices and clock stand still, or null.</summary>
    public string? InFlight()
    {
        foreach (Pair pair in world.Audit.Pairs)
        {
            if (pair.Applied == pair.Queued) continue;
            Message first = pair[pair.Applied + 1];
            return $"6: message {pair.Applied + 1} of {pair.From} to {pair.To} ({first.Kind}) is stuck, {pair.Queued - pair.Applied} wait";
        }

        foreach (SimHost host in world.Cluster.Hosts)
        {
            foreach (HostedActor actor in host.Actors)
            {
                if (!actor.Activation.IsIdle) return $"6: {actor.Address} on {host.Id} is not idle: {Describe(actor.Activation)}";
            }

            if (host.Watch.UnansweredWakes > 0) return $"3: {host.Watch.UnansweredWakes} woken pools on {host.Id} have not answered";
        }

        return null;
    }

    /// <summary>An account that prices can make unsound and no live host watches, or null.</summary>
    public string? Unwatched()
    {
        foreach (AccountActor account in Actors.Accounts)
        {
            if (!HoldsAnything(account.State) || IsWatched(account)) continue;
            return $"3: {account.Id} holds positions or owes something and is active on no host";
        }

        return null;
    }

    public void Check() => ExchangeAudit.CheckAtRest(Actors, world.Audit.Outside);

    private static bool HoldsAnything(AccountState state)
    {
        if (state.CrossWallet.IsNegative) return true;
        foreach (ref readonly Leg leg in state.Legs.Legs)
        {
            if (!leg.Quantity.IsZero) return true;
        }

        return false;
    }

    // A host may keep an old activation of it without knowing; that one watches nothing that is true.
    private bool IsWatched(AccountActor account)
    {
        foreach (SimHost host in world.Cluster.Hosts)
        {
            if (!host.IsAlive || !host.IsMember || host.Find(account.Address) is not { Activation.Phase: ActivationPhase.Running } actor) continue;
            if (actor.Activation.CommitNumber + 1 >= world.Audit.CommitOf(account.Address)) return true;
        }

        return false;
    }

    private static string Describe(LiquidationCase c)
    {
        string legs = string.Join(", ", c.Legs.Select(l => $"{l.Market} {l.Side} {l.Stage}"));
        return $"{c.Market} {c.Side} waiting {c.Waiting} claimed {c.Claimed} [{legs}]";
    }

    private static string Describe(Activation a) =>
        $"{a.Phase}, {a.InputCount} inputs, writing {a.IsWriting}, outbox {a.OutboxDepth}, {a.Ledger.Open.Count} open commands";
}
