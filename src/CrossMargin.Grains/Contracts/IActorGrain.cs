using CrossMargin.Hosting;
using CrossMargin.Hosting.Delivery;
using CrossMargin.Model;
using CrossMargin.Nodes.Pumps;
using Orleans.Concurrency;

namespace CrossMargin.Grains.Contracts;

/// <summary>What every actor of the exchange understands. A call that fails may have had its effect; a command is then handed in again under its id.</summary>
public interface IActorGrain : IGrainWithIntegerKey
{
    /// <summary>
    /// Executes a command once, however often it is handed in under its id (<see cref="Message.Cause"/>; at most ten minutes later), and answers
    /// when what the answer shows survives a crash.
    /// </summary>
    /// <param name="command">From <see cref="ActorId.Client"/> to this actor.</param>
    /// <param name="answered">Ids of earlier commands to this actor whose answers the caller has.</param>
    Task<CommandAnswer> Submit(Message command, [Immutable] long[] answered);

    /// <summary>For gateways alone: rows of the actor's history, asked and answered in the bytes of <see cref="Nodes.History.HistoryDesk"/>.</summary>
    Task<byte[]> AskHistory([Immutable] byte[] question);

    /// <summary>For actors alone: messages of another actor. Null: not taken, to be sent again.</summary>
    Task<Acknowledgement?> Deliver([Immutable] DeliveryBatch batch);
}

/// <summary>One account; the key is its id (&gt; 0). The only judge of its margin.</summary>
public interface IAccountGrain : IActorGrain
{
    /// <summary>Null where the account was never opened.</summary>
    Task<AccountSnapshot?> Read();

    /// <summary>For markets alone: become active, be watched, and tell the markets in which there are positions who watches.</summary>
    Task Wake();

    /// <summary>For the nodes' watches alone: judge a pool. False: another node watches this account.</summary>
    Task<bool> Judge(Message judge, long node);

    /// <summary>For the nodes alone: a market has forgotten who watches this account.</summary>
    Task Announce(int market);
}

/// <summary>One market; the key is its id (1 is the profile's first).</summary>
public interface IMarketGrain : IActorGrain
{
    Task<MarketSnapshot> Read();

    /// <summary>The published depth, best level first, at most so many (1 to 1,000) a side.</summary>
    Task<MarketDepth> ReadDepth(int levels);

    /// <summary>For the nodes alone: asks for the market's ticks for the time of a lease; the answer is what it would tell now.</summary>
    Task<LeaseAnswer> Renew(long node, INodeListener listener);

    /// <summary>For the nodes alone: membership has declared a node dead.</summary>
    Task NodeEnded(long node);
}

/// <summary>The insurance fund; the key is 0.</summary>
public interface IInsuranceFundGrain : IActorGrain
{
    Task<FundSnapshot> Read();

    /// <summary>For the nodes alone: whether withdrawals are closed, and a listener for changes of it.</summary>
    Task<bool> Renew(long node, INodeListener listener);
}

/// <summary>
/// A shard of what all gateways share (accounts' names, API keys, alerts, settings); the key is its number. For gateways alone, in the bytes
/// of <see cref="Nodes.Directory.DirectoryShard"/>.
/// </summary>
public interface IDirectoryGrain : IGrainWithIntegerKey
{
    Task<byte[]> Ask([Immutable] byte[] question);
}

/// <summary>A node that listens to markets, the fund and the events of other nodes.</summary>
public interface INodeListener : IGrainObserver
{
    /// <summary>Price ticks and the like.</summary>
    [OneWay]
    Task Notify([Immutable] Message[] notices);

    /// <summary>Events that are durable, of actors on another node.</summary>
    [OneWay]
    Task Happened([Immutable] EventCommit[] commits);
}

/// <summary>Knows the nodes that run, so that each tells the others what happens on it; the key is 0. Keeps nothing that must survive.</summary>
public interface INodesGrain : IGrainWithIntegerKey
{
    /// <summary>To be called every few seconds; who does not is forgotten. Returns all, the caller left out.</summary>
    Task<NodeEntry[]> Join(long node, INodeListener listener);

    /// <summary>The node stops.</summary>
    Task Leave(long node);
}

[GenerateSerializer, Immutable, Alias("CrossMargin.NodeEntry")]
public sealed record NodeEntry([property: Id(0)] long Node, [property: Id(1)] INodeListener Listener);
