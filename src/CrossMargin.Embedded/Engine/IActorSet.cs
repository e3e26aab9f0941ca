using CrossMargin.Engine.Actors;
using CrossMargin.Engine.Pricing;
using CrossMargin.Engine.Risk;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Engine;

/// <summary>Makes the actors that an engine runs. Each call makes a new one, in its initial state.</summary>
public interface IActorSet
{
    IActor NewAccount(AccountId id);

    IActor NewMarket(MarketSpec spec);

    IActor NewFund();

    INodeMonitor NewMonitor(PriceTable prices);
}

/// <summary>The node's risk monitor as the engine drives it.</summary>
public interface INodeMonitor : IRiskMonitor
{
    /// <summary>A message addressed to the monitor (a market's price tick): applies it and queues what it wakes.</summary>
    void Receive(in Message message, MessageQueue queue);

    /// <summary>Nothing is queued any more: queues a judgement for each pool that asked for one, in pool order; leaves the queue empty if none did.</summary>
    void Flush(MessageQueue queue);

    /// <summary>Asks for a judgement of every pool of the account that has positions; after a restore, because boxes are not in snapshots.</summary>
    void RequestAll(IActor account);
}
